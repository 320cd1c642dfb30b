import Foundation

/// How much of a piece of audio is one tone, and how much is anything else.
struct ToneRatio: CustomStringConvertible {
    /// Of the tone, in sample values.
    let amplitude: Double
    /// Tone to the rest.
    let decibels: Double

    var description: String { "amplitude \(Int(amplitude)), \(Int(decibels)) dB" }

    init(_ samples: [Int16], _ frequency: Double, rate: Int) {
        // Whole periods, so that the two parts of the tone stand at right angles.
        let period = Double(rate) / frequency
        let count = Int((Double(samples.count) / period).rounded(.down) * period)
        var (sine, cosine, total) = (0.0, 0.0, 0.0)
        for index in 0..<count {
            let angle = 2 * Double.pi * Double(index) / period
            let value = Double(samples[index])
            sine += value * sin(angle)
            cosine += value * cos(angle)
            total += value * value
        }
        amplitude = 2 * (sine * sine + cosine * cosine).squareRoot() / Double(max(count, 1))
        let tone = amplitude * amplitude / 2 * Double(count)
        decibels = 10 * log10(tone / max(total - tone, 1))
    }

    static func tone(_ frequency: Double, rate: Int, count: Int) -> [Int16] {
        (0..<count).map { Int16(8000 * sin(2 * .pi * frequency * Double($0) / Double(rate))) }
    }
}
