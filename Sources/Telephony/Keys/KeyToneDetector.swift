import Foundation

/// Hears telephone keys in audio (ITU-T Q.24), for lines that do not signal them.
///
/// It looks at windows of 15 ms, every 7.5 ms. A key is one that four windows in a row agree on, so that a tone of 50 ms is
/// always heard and speech, which does not hold two of these eight frequencies and nothing else, never is.
package struct KeyToneDetector: Sendable {
    private static let window = 120
    private static let hop = 60
    /// Windows that have to agree.
    private static let certainty = 5
    /// Windows without the key after which the same one counts again.
    private static let pause = 2
    /// Mean square below which nothing is looked for: tones of -45 dB.
    private static let floor: Float = 120 * 180 * 180
    /// The least share that the two tones have of a window's energy: tones 1.5 % off measure a third less than they are.
    private static let purity: Float = 0.62
    /// How much of a tone the next strongest of its group may have.
    private static let rival: Float = 0.2
    /// The most that the higher tone may be stronger than the lower one, and weaker, as measured: 5 dB and 6 dB.
    private static let twist: ClosedRange<Float> = 0.25...3.2
    private static let coefficients = SIMD8<Float>(
        (KeyTone.rows + KeyTone.columns).map {
            Float(2 * cos(2 * Double.pi * $0 / 8000))
        })

    private var samples = [Float](repeating: 0, count: window)
    private var filled = 0
    private var candidate = -1
    private var agreeing = 0
    private var pressed = -1
    private var absent = 0

    package init() {}

    /// Listens on.
    ///
    /// - Parameter frame: linear samples at 8 kHz, up to 20 ms.
    /// - Returns: the key that was pressed, once for each time.
    package mutating func process(_ frame: Span<Int16>) -> Character? {
        var found: Character?
        for index in frame.indices {
            samples[filled] = Float(frame[index])
            filled += 1
            guard filled == Self.window else { continue }
            if let key = decide(keyInWindow()) { found = KeyTone.keys[key] }
            for place in 0..<Self.window - Self.hop { samples[place] = samples[place + Self.hop] }
            filled = Self.window - Self.hop
        }
        return found
    }

    /// What a window adds; the number of a key that has just become certain.
    private mutating func decide(_ key: Int) -> Int? {
        if key == pressed {
            absent = 0
        } else if pressed >= 0 {
            absent += 1
            if absent >= Self.pause { pressed = -1 }
        }
        agreeing = key >= 0 && key == candidate ? agreeing + 1 : 1
        candidate = key
        guard key >= 0, key != pressed, agreeing >= Self.certainty else { return nil }
        pressed = key
        absent = 0
        return key
    }

    /// The key whose two tones are all that the window holds; -1 if there is none.
    private func keyInWindow() -> Int {
        var energy: Float = 0
        for sample in samples { energy += sample * sample }
        guard energy >= Self.floor else { return -1 }
        let powers = self.powers()
        let (row, rowRival) = Self.strongest(powers, from: 0)
        let (column, columnRival) = Self.strongest(powers, from: 4)
        guard powers[row] + powers[column] >= Self.purity * energy, rowRival <= Self.rival * powers[row],
            columnRival <= Self.rival * powers[column], Self.twist.contains(powers[column] / max(powers[row], 1))
        else { return -1 }
        return row * 4 + column - 4
    }

    /// The strongest of four, and the power of the next.
    private static func strongest(_ powers: SIMD8<Float>, from start: Int) -> (index: Int, rival: Float) {
        var (best, rival) = (start, Float(0))
        for index in start + 1..<start + 4 {
            if powers[index] > powers[best] {
                rival = powers[best]
                best = index
            } else {
                rival = max(rival, powers[index])
            }
        }
        return (best, rival)
    }

    /// The energy that each tone has in the window (Goertzel), all at once.
    private func powers() -> SIMD8<Float> {
        var last = SIMD8<Float>()
        var before = SIMD8<Float>()
        for sample in samples {
            let next = sample + Self.coefficients * last - before
            before = last
            last = next
        }
        return (last * last + before * before - Self.coefficients * last * before) * (2 / Float(Self.window))
    }
}
