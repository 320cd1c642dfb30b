import Codecs

/// What a caller hears where an utterance runs dry before its end: its last 20 ms once more, backwards and fading away, instead
/// of a word that is chopped off with a click.
///
/// Backwards it begins where the speech stopped, so that there is no step in the wave. It is none of the utterance's samples:
/// ``unplayed(after:)`` takes it out of what was heard.
struct UnderrunTail: Sendable {
    /// 20 ms, as long as the beat in which further audio may come.
    static let length = 160

    /// The place of the newest one, in samples of the whole stream.
    private var place = 0..<0

    /// A tail follows the sample at `position`.
    mutating func put(at position: Int, count: Int) { place = position..<position + count }

    mutating func forget() { place = 0..<0 }

    /// How much of it the caller has not heard when `played` samples of the stream were played.
    func unplayed(after played: Int) -> Int { max(place.upperBound - max(place.lowerBound, played), 0) }

    /// Makes a tail of the last samples, given from the newest on.
    static func shape(_ codes: inout [UInt8]) {
        let count = codes.count
        for index in codes.indices {
            codes[index] = MuLaw.encode(Int16(Int(MuLaw.decode(codes[index])) * (count - index) / (count + 1)))
        }
    }
}
