import Glibc

/// Peak and root mean square of the samples since the last reset.
package struct LevelMeter: Sendable {
    /// What is reported for digital silence, in dB below full scale.
    package static let floor: Double = -96

    private var peakMagnitude: Int32 = 0
    private var energy: Int64 = 0
    /// Samples measured since the last reset.
    package private(set) var count = 0

    package init() {}

    package mutating func add(_ samples: Span<Int16>) {
        var peak = peakMagnitude
        var sum: Int64 = 0
        for index in samples.indices {
            let sample = Int32(samples[index])
            peak = max(peak, abs(sample))
            sum += Int64(sample * sample)
        }
        peakMagnitude = peak
        energy += sum
        count += samples.count
    }

    /// The largest magnitude in dBFS, ``floor``...0; a full-scale square wave has 0.
    package var peak: Double { Self.decibels(Double(peakMagnitude) / 32768) }

    /// The root mean square in dBFS, ``floor``...0; a full-scale sine has -3.
    package var rms: Double {
        count == 0 ? Self.floor : Self.decibels((Double(energy) / Double(count)).squareRoot() / 32768)
    }

    package mutating func reset() { self = LevelMeter() }

    private static func decibels(_ ratio: Double) -> Double {
        ratio > 0 ? max(20 * log10(ratio), floor) : floor
    }
}
