import Glibc

/// What is heard behind a caller, as a loop of samples at 8 kHz. The same seed makes the same noise.
package enum BackgroundNoise: String, Sendable, CaseIterable {
    /// All frequencies alike: a bad line.
    case white
    /// Less the higher they are: traffic, wind, a fan.
    case pink
    /// Other people talking, made of their recordings.
    case babble
    /// Mostly above the voice: an old line.
    case hiss
    /// A rumble on which cars go by.
    case street
    /// A melody over chords, from a loudspeaker in the room.
    case music

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
        case .hiss:
            // The difference of neighbours falls by 6 dB an octave towards the low end.
            var last = 0.0
            for index in raw.indices {
                let white = 2 * random.unit() - 1
                (raw[index], last) = (white - last, white)
            }
        case .street: Self.street(&raw, &random)
        case .music: Self.music(&raw, &random)
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

    private static func street(_ raw: inout [Double], _ random: inout SeededRandom) {
        // Four cars, each with a moment at which it is nearest and a speed: what its noise rises and falls by.
        let cars = (0..<4).map { _ in (at: random.unit() * Double(length), width: 4000 + random.unit() * 12_000) }
        var (rumble, tyres) = (0.0, 0.0)
        for index in raw.indices {
            let white = 2 * random.unit() - 1
            rumble = 0.995 * rumble + white * 0.1
            tyres = 0.7 * tyres + white * 0.3
            var near = 0.0
            for car in cars {
                let distance = abs(Double(index) - car.at)
                // The loop closes: what passes at its end is heard at its beginning.
                let away = min(distance, Double(length) - distance) / car.width
                near += 1 / (1 + away * away * 4)
            }
            raw[index] = rumble * 0.6 + tyres * near
        }
    }

    /// Notes of 400 ms: a random walk on a scale over the chord's root, with harmonics that die away.
    private static func music(_ raw: inout [Double], _ random: inout SeededRandom) {
        let scale = [0, 2, 4, 5, 7, 9, 11, 12, 14, 16]
        let roots = [0, 5, 7, 0, 9]
        var step = 4
        for start in stride(from: 0, to: length, by: 3200) {
            step = min(max(step + Int(random.next() % 5) - 2, 0), scale.count - 1)
            let root = roots[start / 16_000 % roots.count]
            for (semitones, loudness) in [(scale[step] + 12, 1.0), (root, 0.6), (root + 7, 0.4)] {
                let pitch = 196 * pow(2, Double(semitones) / 12) / 8000
                for index in start..<start + 3200 {
                    let time = Double(index - start)
                    let angle = 2 * Double.pi * pitch * time
                    // Rises within 5 ms, so that a note does not click.
                    let envelope = min(time / 40, 1) * exp(-time / 2400)
                    raw[index] += loudness * envelope * (sin(angle) + 0.5 * sin(2 * angle) + 0.25 * sin(3 * angle))
                }
            }
        }
    }
}
