/// What both sides of a call heard, sample by sample: caller left, agent right, µ-law at 8 kHz.
///
/// Audio arrives out of order between the two sides and the agent's last fraction of a second may be taken back (a
/// barge-in clears what the carrier had not played), so samples stay open until they are older than ``holdback`` and
/// leave in whole blocks. Fixed memory; nothing is allocated per frame.
struct StereoTimeline: Sendable {
    /// Samples that stay open; more than the longest playout lead.
    static let holdback = 4000
    /// Samples per block handed out.
    static let blockSize = 8000
    static let silence: UInt8 = 0xFF

    private static let capacity = 16384
    private var caller = [UInt8](repeating: silence, count: capacity)
    private var agent = [UInt8](repeating: silence, count: capacity)
    /// The first sample that is still open.
    private(set) var start: Int
    /// Samples that came too late or too early to be kept.
    private(set) var lost = 0

    /// - Parameter start: the first sample that will be kept.
    init(start: Int = 0) { self.start = start }

    /// Puts caller audio at `position`.
    mutating func writeCaller(_ audio: Span<UInt8>, at position: Int) {
        lost += Self.write(audio, at: position, from: start, &caller)
    }

    /// Puts agent audio where it will be heard.
    mutating func writeAgent(_ audio: Span<UInt8>, at position: Int) {
        lost += Self.write(audio, at: position, from: start, &agent)
    }

    /// Takes back agent audio from `position` on: it was never heard.
    mutating func silenceAgent(from position: Int) {
        for index in max(position, start)..<max(start + Self.capacity, position) {
            agent[index & (Self.capacity - 1)] = Self.silence
        }
    }

    /// Takes the next block once it is closed at `now`, or whatever is left up to `end` when the call is over.
    mutating func takeBlock(now: Int, end: Int? = nil) -> StereoBlock? {
        let count: Int
        if let end {
            count = min(Self.blockSize, end - start)
        } else {
            count = now - start >= Self.blockSize + Self.holdback ? Self.blockSize : 0
        }
        guard count > 0 else { return nil }
        let block = StereoBlock(
            position: start, caller: Self.take(count, from: start, &caller),
            agent: Self.take(count, from: start, &agent))
        start += count
        return block
    }

    /// What is open of `count` samples from `position` on, and stays open; nil when some of it has left already.
    func copy(_ count: Int, from position: Int) -> StereoBlock? {
        guard position >= start, position + count <= start + Self.capacity else { return nil }
        let places = (position..<position + count).map { $0 & (Self.capacity - 1) }
        return StereoBlock(position: position, caller: places.map { caller[$0] }, agent: places.map { agent[$0] })
    }

    /// Moves samples out of a track and leaves silence.
    private static func take(_ count: Int, from start: Int, _ track: inout [UInt8]) -> [UInt8] {
        var taken: [UInt8] = []
        taken.reserveCapacity(count)
        while taken.count < count {
            let index = (start + taken.count) & (capacity - 1)
            let piece = index..<min(index + count - taken.count, capacity)
            taken += track[piece]
            track.replaceSubrange(piece, with: repeatElement(silence, count: piece.count))
        }
        return taken
    }

    /// Copies what lies within the open part of a track.
    ///
    /// - Returns: samples that do not.
    private static func write(_ audio: Span<UInt8>, at position: Int, from start: Int, _ track: inout [UInt8]) -> Int {
        let kept = max(position, start)..<max(min(position + audio.count, start + capacity), position, start)
        var target = track.mutableSpan
        for place in kept { target[place & (capacity - 1)] = audio[place - position] }
        return audio.count - kept.count
    }
}

/// Up to a second of both sides, from `position` on; equally long.
package struct StereoBlock: Sendable {
    package let position: Int
    package var caller: [UInt8]
    package var agent: [UInt8]
}
