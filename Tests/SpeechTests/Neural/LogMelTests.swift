import Glibc
import Testing

@testable import Speech

@Suite("Log-mel features")
struct LogMelTests {
    /// Three seconds of silence, then two tones and noise; the reference was given the same.
    static let signal: [Float] = {
        var state: UInt64 = 7
        return (0..<LogMel.sampleCount).map { index in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            guard index >= 48_000 else { return 0 }
            let noise = Double(state >> 40) / Double(1 << 24) - 0.5
            let time = Double(index) / 16_000
            let swell = Double(index) / Double(LogMel.sampleCount)
            let low = 0.3 * sin(2 * Double.pi * 440 * time)
            return Float(low + 0.2 * sin(2 * Double.pi * 3000 * time) * swell + 0.02 * noise)
        }
    }()

    @Test("are those of the reference, at the edges and in the middle")
    func reference() {
        var logMel = LogMel()
        var features = [Float](repeating: 0, count: LogMel.bandCount * LogMel.frameCount)
        logMel.features(of: Self.signal, into: &features)
        var worst: Float = 0
        for (frame, row) in zip(LogMelReference.frames, LogMelReference.features) {
            for (band, expected) in zip(LogMelReference.bands, row) {
                worst = max(worst, abs(features[band * LogMel.frameCount + frame] - expected))
            }
        }
        #expect(worst < 1e-3)
        // The loudest band is at the top of its range, and nothing is more than 80 dB under it.
        let (least, most) = (features.min() ?? 0, features.max() ?? 0)
        #expect(abs(most - least - 2) < 1e-5)
    }

    @Test("The transform is the sum that defines it", arguments: [[5, 5, 4, 4], [2, 3], [7], [8, 2, 3]])
    func transform(factors: [Int]) {
        var fourier = FourierTransform(factors: factors)
        let size = fourier.size
        let signal = (0..<size).map { (cos(Double($0 * $0)), sin(Double(3 * $0 + 1))) }
        var real = signal.map(\.0)
        var imaginary = signal.map(\.1)
        fourier.transform(real: &real, imaginary: &imaginary)
        for bin in 0..<size {
            var (sumReal, sumImaginary) = (0.0, 0.0)
            for (index, (a, b)) in signal.enumerated() {
                let angle = -2 * Double.pi * Double(bin * index) / Double(size)
                sumReal += a * cos(angle) - b * sin(angle)
                sumImaginary += a * sin(angle) + b * cos(angle)
            }
            #expect(abs(real[bin] - sumReal) < 1e-9 && abs(imaginary[bin] - sumImaginary) < 1e-9)
        }
    }

    @Test("A doubled tone is the same tone, and ends where the audio ends")
    func doubling() {
        let tone = (0..<4000).map { Int16(16_384 * sin(2 * Double.pi * 1000 * Double($0) / 8000)) }
        var output = [Float](repeating: 9, count: 10_000)
        RateDoubler().fill(&output, from: tone)
        #expect(output[..<2000].allSatisfy { $0 == 0 })
        for index in 100..<7900 {
            let expected = 0.5 * sin(2 * Double.pi * 1000 * Double(index) / 16_000)
            #expect(abs(Double(output[2000 + index]) - expected) < 2e-4)
        }
    }

    @Test("Of long audio the end is kept")
    func longAudio() {
        let ramp = (0..<3000).map { Int16($0) }
        var output = [Float](repeating: 0, count: 4000)
        RateDoubler().fill(&output, from: ramp)
        #expect(output[0] == Float(1000) / 32768)
        #expect(output[3998] == Float(2999) / 32768)
    }
}
