import Glibc

/// Brings the last seconds of telephone audio from 8 to 16 kHz for a model that wants the latter.
///
/// In floating point from end to end: 16-bit rounding would fill the empty upper band with noise, which the logarithm shows.
struct RateDoubler: Sendable {
    /// Taps on either side of a new sample.
    private static let reach = 24
    private let taps: [Float]

    init() {
        // A sinc of half the new rate's band under a Kaiser window (β 8, 80 dB), at the odd places.
        let beta = 8.0
        taps = (0..<Self.reach).map { index in
            let distance = Double(index) + 0.5
            let place = distance / (Double(Self.reach) + 0.5)
            let window = Self.bessel(beta * (1 - place * place).squareRoot()) / Self.bessel(beta)
            return Float(sin(Double.pi * distance) / (Double.pi * distance) * window)
        }
    }

    /// Doubles `audio` so that it ends where `output` ends; what is too long is cut at its beginning, what is missing is 0.
    ///
    /// - Parameters:
    ///   - audio: 16-bit samples.
    ///   - output: becomes -1...1.
    func fill(_ output: inout [Float], from audio: [Int16]) {
        let count = min(audio.count, output.count / 2)
        let skipped = audio.count - count
        let start = output.count - 2 * count
        for index in 0..<start { output[index] = 0 }
        func sample(_ index: Int) -> Float { audio.indices.contains(index) ? Float(audio[index]) * (1 / 32768) : 0 }
        for index in 0..<count {
            let place = skipped + index
            var sum: Float = 0
            for tap in 0..<Self.reach { sum += taps[tap] * (sample(place - tap) + sample(place + 1 + tap)) }
            output[start + 2 * index] = sample(place)
            output[start + 2 * index + 1] = sum
        }
    }

    /// The modified Bessel function of the first kind, of order 0.
    private static func bessel(_ x: Double) -> Double {
        var (term, sum) = (1.0, 1.0)
        for k in 1..<40 {
            term *= (x / 2 / Double(k)) * (x / 2 / Double(k))
            sum += term
        }
        return sum
    }
}
