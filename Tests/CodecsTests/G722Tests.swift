import AudioCore
import Codecs
import Foundation
import Testing

@Suite("G.722")
struct G722Tests {
    /// Tone and what is not it, after the codec has had its beginning.
    private static func decibels(_ samples: ArraySlice<Int16>, _ frequency: Double) -> Double {
        var (sine, cosine, total) = (0.0, 0.0, 0.0)
        for (index, sample) in samples.enumerated() {
            let angle = 2 * Double.pi * frequency * Double(index) / Double(G722.sampleRate)
            sine += Double(sample) * sin(angle)
            cosine += Double(sample) * cos(angle)
            total += Double(sample) * Double(sample)
        }
        let tone = 2 * (sine * sine + cosine * cosine) / Double(samples.count)
        return 10 * log10(tone / max(total - tone, 1))
    }

    @Test(
        "a tone survives in a byte for two samples, above the telephone's band as well",
        arguments: [500.0, 1000, 3000, 6000])
    func roundTrip(frequency: Double) throws {
        var encoder = try G722Encoder()
        var decoder = try G722Decoder()
        let tone = (0..<16_000).map { index in
            Int16(8000 * sin(2 * .pi * frequency * Double(index) / Double(G722.sampleRate)))
        }
        var (bytes, samples): ([UInt8], [Int16]) = ([], [])
        for start in stride(from: 0, to: tone.count, by: 320) {
            let before = bytes.count
            encoder.encode(Array(tone[start..<start + 320]).span, appendingTo: &bytes)
            #expect(bytes.count - before == 160)
            decoder.decode(Array(bytes[before...]).span, appendingTo: &samples)
        }
        #expect(bytes.count == G722.clockRate && samples.count == G722.sampleRate)
        let ratio = Self.decibels(samples[8000...], frequency)
        #expect(ratio > (frequency < 4000 ? 25 : 12), "\(ratio) dB at \(frequency) Hz")
    }

    @Test("whatever comes is decoded, two samples a byte")
    func noise() throws {
        var decoder = try G722Decoder()
        var random = SystemRandomNumberGenerator()
        var samples: [Int16] = []
        for count in [0, 1, 160, 8000] {
            samples.removeAll(keepingCapacity: true)
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
            decoder.decode(bytes.span, appendingTo: &samples)
            #expect(samples.count == count * 2)
        }
    }
}
