import Foundation

/// A single tone on the line, as machines make it.
package enum LineTone: String, Sendable, Equatable, Codable {
    /// A short one that has just ended: a machine waits for a message.
    case beep
    /// A fax calls (1100 Hz) or answers (2100 Hz).
    case fax
}

/// Finds single tones in audio. A value: it predicts each sample from the two before it, which for one tone works with one
/// number, the tone's frequency, and for speech and noise does not work at all.
package struct ToneWatch: Sendable {
    private static let window = 160
    /// The share of the energy that the prediction may miss: noise 22 dB below the tone.
    private static let impurity = 0.018
    /// The share of the energy that a tone has to hold by itself: the two of a key lie too near for the prediction to tell them
    /// from one between.
    private static let share = 0.7
    /// Root mean square below which nothing is looked for.
    private static let floor = 150.0
    /// How much the frequency may differ from window to window.
    private static let wander = 0.02

    private var samples = [Double](repeating: 0, count: window)
    private var filled = 0
    private var frequency = 0.0
    /// Windows that the present tone lasts.
    private var length = 0
    private var isFaxReported = false

    package init() {}

    /// Listens on.
    ///
    /// - Parameter frame: linear samples at 8 kHz, up to 20 ms.
    package mutating func process(_ frame: Span<Int16>) -> LineTone? {
        var found: LineTone?
        for index in frame.indices {
            samples[filled] = Double(frame[index])
            filled += 1
            guard filled == Self.window else { continue }
            filled = 0
            if let tone = advance(pureTone()) { found = tone }
        }
        return found
    }

    private mutating func advance(_ tone: Double?) -> LineTone? {
        if let tone, length > 0, abs(tone - frequency) <= Self.wander * frequency {
            length += 1
            // The mean of what was measured, which noise moves little.
            frequency += (tone - frequency) / Double(min(length, 8))
            let isFax =
                (abs(frequency - 1100) < 30 && length >= 15) || (abs(frequency - 2100) < 30 && length >= 30)
            guard isFax, !isFaxReported else { return nil }
            isFaxReported = true
            return .fax
        }
        // 160 ms to 2 s, and no part of a fax.
        let wasBeep = (8...100).contains(length) && !isFaxReported && (380...2600).contains(frequency)
        frequency = tone ?? 0
        length = tone == nil ? 0 : 1
        isFaxReported = false
        return wasBeep ? .beep : nil
    }

    /// The frequency of the only tone in the window, in Hz; nil if there is more, or nothing.
    private func pureTone() -> Double? {
        var (energy, product, square, sums) = (0.0, 0.0, 0.0, 0.0)
        for index in 2..<Self.window {
            let (both, middle) = (samples[index] + samples[index - 2], samples[index - 1])
            energy += samples[index] * samples[index]
            product += both * middle
            square += middle * middle
            sums += both * both
        }
        guard energy >= Self.floor * Self.floor * Double(Self.window - 2), square > 0 else { return nil }
        let coefficient = product / square
        // What the best prediction leaves over.
        let missed = max(sums - coefficient * product, 0)
        guard missed <= Self.impurity * 2 * energy, abs(coefficient) < 2 else { return nil }
        let frequency = acos(coefficient / 2) * 8000 / (2 * Double.pi)
        return (300...3400).contains(frequency) && share(of: coefficient) >= Self.share ? frequency : nil
    }

    /// How much of the window's energy lies at one frequency (Goertzel).
    ///
    /// - Parameter coefficient: twice the cosine of its step from sample to sample.
    private func share(of coefficient: Double) -> Double {
        var (last, before, energy) = (0.0, 0.0, 0.0)
        for sample in samples {
            (last, before) = (sample + coefficient * last - before, last)
            energy += sample * sample
        }
        let power = last * last + before * before - coefficient * last * before
        return 2 * power / (Double(Self.window) * energy)
    }
}
