import Glibc

/// What is heard behind a caller, as a loop of samples at 8 kHz. The same seed makes the same noise.
package enum BackgroundNoise: String, Sendable, CaseIterable {
    /// All frequencies alike: a bad line.
    case white
    /// Less the higher they are: traffic, wind, a fan.
    case pink
    /// Other people talking, made of their recordings.
    case babble

    /// Ten seconds.
    package static let length = 80_000

    /// - Parameters:
    ///   - level: root mean square on the scale of 16 bits.
    ///   - talkers: recordings for ``babble``; the others need none.
    package func samples(level: Double, talkers: [[Int16]], seed: UInt64) -> [Int16] {
        var random = SeededRandom(seed: seed)
        var raw = [Double](repeating: 0, count: Self.length)
        switch self {
        case .white: for index in raw.indices { raw[index] = 2 * random.unit() - 1 }
        case .pink:
            // Kellet's filter: three first-order sections, within 0.5 dB of -3 dB an octave.
            var (slow, middle, fast) = (0.0, 0.0, 0.0)
            for index in raw.indices {
                let white = 2 * random.unit() - 1
                slow = 0.99765 * slow + white * 0.0990460
                middle = 0.96300 * middle + white * 0.2965164
                fast = 0.57000 * fast + white * 1.0526913
                raw[index] = slow + middle + fast + white * 0.1848
            }
        case .babble:
            for talker in talkers where !talker.isEmpty {
                // Each talks without end, from a moment of their own.
                let start = Int(random.next() % UInt64(talker.count))
                for index in raw.indices { raw[index] += Double(talker[(start + index) % talker.count]) }
            }
        }
        let energy = raw.reduce(0) { $0 + $1 * $1 } / Double(raw.count)
        let gain = energy > 0 ? level / energy.squareRoot() : 0
        return raw.map { Int16(clamping: Int(($0 * gain).rounded())) }
    }
}
