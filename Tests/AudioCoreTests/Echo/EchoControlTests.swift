import Glibc
import TestSupport
import Testing

@testable import AudioCore

@Suite("Echo control")
struct EchoControlTests {
    @Test("finds the delay between loudspeaker and microphone", arguments: [0, 400, 1200, 2800, 4000])
    func delay(samples: Int) throws {
        var estimator = DelayEstimator()
        let loudspeaker = SyllableNoise.make(seconds: 6, seed: 1)
        let microphone = Room(delay: samples, gain: 0.3).echo(of: loudspeaker)
        for start in stride(from: 0, to: loudspeaker.count - 39, by: 40) {
            estimator.add(
                far: loudspeaker.span.extracting(start..<start + 40),
                near: microphone.span.extracting(start..<start + 40))
        }
        let found = try #require(estimator.delay)
        #expect(abs(found - samples) <= 80, "found \(found)")
    }

    @Test("two voices that have nothing to do with each other have no delay")
    func noDelay() {
        var estimator = DelayEstimator()
        let (a, b) = (SyllableNoise.make(seconds: 8, seed: 1), SyllableNoise.make(seconds: 8, seed: 2))
        for start in stride(from: 0, to: a.count - 39, by: 40) {
            estimator.add(far: a.span.extracting(start..<start + 40), near: b.span.extracting(start..<start + 40))
        }
        #expect(estimator.delay == nil)
    }

    @Test("lowers the loudspeaker's sound by more than 20 dB, however late it comes", arguments: [0, 1200, 3600])
    func cancels(delay: Int) {
        let loudspeaker = SyllableNoise.make(seconds: 10, seed: 3)
        let echo = Room(delay: delay, gain: 0.4).echo(of: loudspeaker)
        let left = Self.run(microphone: echo, loudspeaker: loudspeaker)
        // The last three seconds: what it has learned.
        #expect(Self.level(left.suffix(24_000)) < Self.level(echo.suffix(24_000)) - 20)
    }

    @Test("lets nothing of the loudspeaker pass before it has learned the room")
    func closedAtFirst() {
        let loudspeaker = SyllableNoise.make(seconds: 2, seed: 4)
        let left = Self.run(microphone: Room(delay: 800, gain: 0.5).echo(of: loudspeaker), loudspeaker: loudspeaker)
        #expect(Self.level(left.prefix(4000)) == -96)
    }

    @Test("a caller over the loudspeaker is heard, and so is one with headphones", arguments: [0.4, 0.0])
    func doubleTalk(gain: Double) {
        let loudspeaker = SyllableNoise.make(seconds: 12, seed: 5)
        let echo = Room(delay: 1000, gain: gain).echo(of: loudspeaker)
        let caller = SyllableNoise.make(seconds: 1, seed: 6)
        var microphone = echo
        let start = 80_000
        for index in caller.indices {
            microphone[start + index] = Int16(clamping: Int(echo[start + index]) + Int(caller[index]))
        }
        let left = Self.run(microphone: microphone, loudspeaker: loudspeaker)
        let during = Self.level(left[start..<start + 8000])
        #expect(during > Self.level(caller[...]) - 9)
        #expect(Self.level(left[start - 8000..<start]) < during - 15)
    }

    private static func run(microphone: [Int16], loudspeaker: [Int16]) -> [Int16] {
        let control = EchoControl()
        var left: [Int16] = []
        for start in stride(from: 0, to: microphone.count - 159, by: 160) {
            var frame = Array(microphone[start..<start + 160])
            control.process(&frame, loudspeaker: Array(loudspeaker[start..<start + 160]))
            left += frame
        }
        return left
    }

    private static func level(_ samples: ArraySlice<Int16>) -> Double {
        var meter = LevelMeter()
        meter.add(Array(samples).span)
        return meter.rms
    }
}

/// A room: the way from loudspeaker to microphone, with a few walls.
struct Room {
    /// Samples.
    let delay: Int
    let gain: Double

    func echo(of sound: [Int16]) -> [Int16] {
        let walls = [(0, 1.0), (23, -0.5), (61, 0.35), (170, -0.2), (333, 0.12)]
        return sound.indices.map { index in
            var sum = 0.0
            for (later, part) in walls where index - delay - later >= 0 {
                sum += part * Double(sound[index - delay - later])
            }
            return Int16(clamping: Int((sum * gain).rounded()))
        }
    }
}

/// What speech looks like to an echo canceller: noise with formants that change from syllable to syllable, and pauses.
enum SyllableNoise {
    static func make(seconds: Int, seed: UInt64) -> [Int16] {
        var random = SplitMix64(state: seed &* 7919)
        var samples: [Int16] = []
        while samples.count < seconds * 8000 {
            let length = 800 + Int(random.next() % 1600)
            let isPause = random.next() % 5 == 0
            let center = 250 + Double(random.next() % 2500)
            let loudness = isPause ? 0.0 : 1500 + Double(random.next() % 4000)
            let omega = 2 * Double.pi * center / 8000
            let (a, b) = (2 * 0.95 * cos(omega), -0.95 * 0.95)
            var (first, second) = (0.0, 0.0)
            for index in 0..<length {
                let noise = Double(Int64(bitPattern: random.next()) >> 40) / Double(1 << 23)
                let value = noise + a * first + b * second
                (second, first) = (first, value)
                let envelope = sin(Double.pi * Double(index) / Double(length))
                samples.append(Int16(clamping: Int(value * 0.15 * loudness * envelope)))
            }
        }
        return Array(samples.prefix(seconds * 8000))
    }
}
