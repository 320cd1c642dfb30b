import Codecs
import Speech
import Testing

@testable import CallSession

@Suite("The sound of a turn")
struct TurnSoundTests {
    /// The code that stands at a sample, the same for 20 ms.
    private static func code(at sample: Int) -> UInt8 { UInt8(sample / 160 % 100) }

    /// The turn that began after `before` samples of a call and has lasted for `during`, as it is kept.
    private static func turn(after before: Int, lasting during: Int) -> [Int16] {
        var sound = TurnSound()
        for start in stride(from: 0, to: before + during, by: 160) {
            if start == before { sound.begin() }
            let frame = [UInt8](repeating: code(at: start), count: 160)
            sound.hear(frame.span)
        }
        return sound.samples
    }

    @Test(
        "begins 300 ms before the voice was noticed, where there is so much, ends now, and keeps the last eight seconds",
        arguments: [
            (80_000, 16_000, 77_600), (0, 800, 0), (1600, 1600, 0), (0, 200_000, 136_000), (8000, 80_000, 24_000),
        ])
    func turns(before: Int, during: Int, first: Int) {
        let expected = (first..<before + during).map { MuLaw.decode(Self.code(at: $0)) }
        let kept = Self.turn(after: before, lasting: during)
        #expect(kept.count == expected.count && kept.count <= SmartTurnModel.audioLimit)
        #expect(kept == expected)
    }
}
