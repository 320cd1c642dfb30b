import AudioCore
import Glibc
import Testing

@Suite("Noise suppressor")
struct NoiseSuppressorTests {
    /// The same hiss every time, of about the given amplitude.
    private func noise(_ amplitude: Double, milliseconds: Int) -> [Int16] {
        var state: UInt64 = 7
        return (0..<milliseconds * 8).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int16(amplitude * (Double(state >> 11) / Double(1 << 52) - 1))
        }
    }

    /// dBFS.
    private func level(_ samples: some Sequence<Int16>) -> Double {
        var meter = LevelMeter()
        meter.add(Array(samples).span)
        return meter.rms
    }

    @Test("steady noise is at least 6 dB lower after one second", arguments: [100.0, 1000, 8000])
    func noise(amplitude: Double) {
        let original = noise(amplitude, milliseconds: 2000)
        var cleaned = original
        NoiseSuppressor().process(&cleaned)
        #expect(level(cleaned[8000...]) < level(original[8000...]) - 6)
    }

    @Test("noise is lowered by no more than is asked for", arguments: [6, 15])
    func attenuation(decibel: Int) {
        let original = noise(1000, milliseconds: 3000)
        var cleaned = original
        NoiseSuppressor(attenuation: decibel).process(&cleaned)
        let lowered = level(original[16000...]) - level(cleaned[16000...])
        #expect((Double(decibel) - 3...Double(decibel) + 3).contains(lowered), "\(lowered) dB")
    }

    @Test("a tone that stands out of the noise keeps its level within 3 dB", arguments: [300.0, 1000, 2500])
    func tone(hertz: Double) {
        var samples = noise(300, milliseconds: 1400)
        for index in 8000..<samples.count {
            samples[index] += Int16(6000 * sin(2 * .pi * hertz * Double(index) / 8000))
        }
        var cleaned = samples
        NoiseSuppressor().process(&cleaned)
        #expect(abs(level(cleaned[8400...]) - level(samples[8400...])) < 3)
    }

    @Test("what is less than a frame stays as it is", arguments: [0, 1, 79])
    func remainder(count: Int) {
        let samples = noise(1000, milliseconds: 100)
        var cleaned = Array(samples.prefix(80 + count))
        NoiseSuppressor().process(&cleaned)
        #expect(cleaned.count == 80 + count)
        #expect(cleaned[80...] == samples[80..<80 + count])
        #expect(cleaned[..<80] != samples[..<80])
    }

    @Test("frames that come one by one are cleaned as those that come together")
    func pieces() {
        let samples = noise(1000, milliseconds: 500)
        var whole = samples
        NoiseSuppressor().process(&whole)
        let suppressor = NoiseSuppressor()
        let pieces = stride(from: 0, to: samples.count, by: NoiseSuppressor.frameSize).flatMap { start in
            var frame = Array(samples[start..<start + NoiseSuppressor.frameSize])
            suppressor.process(&frame)
            return frame
        }
        #expect(pieces == whole)
    }
}
