import Codecs
import Speech

/// How the caller's turn has sounded so far, for a model that hears whether they have finished.
///
/// Fixed memory; nothing is allocated per frame.
struct TurnSound: Sendable {
    /// Audio before the detector heard a voice that belongs to the turn, in samples.
    private static let preRoll = 2400

    private var codes = [UInt8](repeating: MuLaw.silence, count: SmartTurnModel.audioLimit)
    /// Samples heard so far.
    private var end = 0
    private var turnStart = 0

    /// Takes caller audio: µ-law at 8 kHz.
    mutating func hear(_ audio: Span<UInt8>) {
        let count = SmartTurnModel.audioLimit
        var place = end % count
        end += audio.count
        var ring = codes.mutableSpan
        for index in audio.indices {
            ring[place] = audio[index]
            place += 1
            if place == count { place = 0 }
        }
    }

    /// A turn begins.
    mutating func begin() { turnStart = max(end - Self.preRoll, 0) }

    /// The turn up to now, of a long one its end; linear samples at 8 kHz.
    var samples: [Int16] {
        let first = max(turnStart, end - codes.count)
        return (first..<end).map { MuLaw.decode(codes[$0 % codes.count]) }
    }
}
