import AudioCore
import Foundation
import Testing

@Suite("How loud a signal is")
struct LoudnessMeterTests {
    /// 997 Hz, as in EBU Tech 3341.
    private func tone(decibels: Double, seconds: Double) -> [Int16] {
        let peak = 32_767 * pow(10, decibels / 20)
        return (0..<Int(seconds * 8000)).map { Int16(peak * sin(2 * .pi * 997 * Double($0) / 8000)) }
    }

    @Test("a tone of one channel is 3 LU less than its peak says", arguments: [-20.0, -30.0])
    func tone(decibels: Double) throws {
        let meter = LoudnessMeter(sampleRate: 8000)
        meter.add(tone(decibels: decibels, seconds: 5))
        let loudness = try #require(meter.loudness)
        #expect(abs(loudness - (decibels - 3)) < 0.3)
        #expect(abs(meter.peak - pow(10, decibels / 20)) < 0.01)
    }

    @Test("pauses do not count")
    func pauses() throws {
        let (steady, broken) = (LoudnessMeter(sampleRate: 8000), LoudnessMeter(sampleRate: 8000))
        steady.add(tone(decibels: -20, seconds: 4))
        for _ in 0..<4 { broken.add(tone(decibels: -20, seconds: 2) + [Int16](repeating: 0, count: 16_000)) }
        let (first, second) = (try #require(steady.loudness), try #require(broken.loudness))
        #expect(abs(first - second) < 1)
    }

    @Test("silence has none")
    func silence() {
        let meter = LoudnessMeter(sampleRate: 8000)
        #expect(meter.loudness == nil)
        meter.add([Int16](repeating: 0, count: 40_000))
        #expect(meter.loudness == nil)
        #expect(meter.peak == 0)
    }
}
