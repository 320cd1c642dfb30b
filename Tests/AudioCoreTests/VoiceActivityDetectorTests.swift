import AudioCore
import Glibc
import Testing

/// Sounds for the detector, at 8 kHz.
private struct SoundMaker {
    private var random = SystemlessRandom(seed: 7)

    /// Gaussian-like noise of the given level in dBFS.
    mutating func noise(_ level: Double, milliseconds: Int) -> [Double] {
        let scale = 32768 * pow(10, level / 20)
        return (0..<(milliseconds * 8)).map { _ in
            // The sum of 12 uniform numbers less 6 has a variance of 1.
            scale * ((0..<12).reduce(0.0) { sum, _ in sum + random.unit() } - 6)
        }
    }

    /// A voice-like sound: harmonics of a gliding pitch under three formants, in syllables of 200 ms.
    func voice(_ level: Double, milliseconds: Int) -> [Double] {
        var phase = 0.0
        let samples = (0..<(milliseconds * 8)).map { index -> Double in
            let time = Double(index) / 8000
            let pitch = 120 + 20 * sin(2 * .pi * 1.3 * time)
            phase += 2 * .pi * pitch / 8000
            var value = 0.0
            for harmonic in 1...28 {
                let frequency = pitch * Double(harmonic)
                let formants = [(500.0, 1.0), (1500, 0.5), (2500, 0.25)]
                let gain = formants.reduce(0.02) { $0 + $1.1 / (1 + pow((frequency - $1.0) / 120, 2)) }
                value += gain * sin(phase * Double(harmonic))
            }
            return value * (0.25 + 0.75 * pow(sin(.pi * time / 0.2), 2))
        }
        let power = (samples.reduce(0) { $0 + $1 * $1 } / Double(max(samples.count, 1))).squareRoot()
        let scale = 32768 * pow(10, level / 20) / max(power, 1e-9)
        return samples.map { $0 * scale }
    }
}

/// A small generator, so that every run hears the same noise.
private struct SystemlessRandom {
    var state: UInt64
    init(seed: UInt64) { state = seed }
    mutating func unit() -> Double {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Double(state >> 11) / Double(1 << 53)
    }
}

@Suite("Voice activity detector")
struct VoiceActivityDetectorTests {
    /// Runs the detector over the sum of `parts` and returns its edges with the positions at which they were reported.
    private func edges(
        _ parts: [[Double]], configuration: VoiceActivityDetector.Configuration = .init()
    ) -> [(edge: VoiceActivity.Transition, reported: Int)] {
        var detector = VoiceActivityDetector(configuration)
        let length = parts.map(\.count).max() ?? 0
        let sum = (0..<length).map { index in
            Int16(clamping: Int(parts.reduce(0) { $0 + (index < $1.count ? $1[index] : 0) }))
        }
        var result: [(VoiceActivity.Transition, Int)] = []
        for start in stride(from: 0, to: length - 159, by: 160) {
            let activity = detector.process(sum.span.extracting(start..<start + 160))
            #expect((0...1).contains(activity.probability))
            if let edge = activity.transition { result.append((edge, activity.position)) }
        }
        return result
    }

    private func silence(_ milliseconds: Int) -> [Double] { [Double](repeating: 0, count: milliseconds * 8) }

    @Test("Speech is found within 60 ms and dated to where it began", arguments: [-60.0, -45, -35])
    func onset(noiseLevel: Double) {
        var maker = SoundMaker()
        let voice = silence(1500) + maker.voice(-25, milliseconds: 1000) + silence(1500)
        let edges = edges([maker.noise(noiseLevel, milliseconds: 4000), voice])
        guard edges.count == 2, case .started(let start) = edges[0].edge, case .stopped(let stop) = edges[1].edge else {
            Issue.record("expected one start and one stop, got \(edges)")
            return
        }
        #expect((12_000 - 320...12_000 + 480).contains(start))
        #expect(edges[0].reported <= 12_000 + 160 + 640)
        #expect((20_000 - 800...20_000 + 800).contains(stop))
    }

    @Test("Steady noise is not speech, whatever its level", arguments: [-70.0, -50, -40, -32])
    func steadyNoise(level: Double) {
        var maker = SoundMaker()
        #expect(edges([maker.noise(level, milliseconds: 20_000)]).isEmpty)
    }

    @Test("Digital silence and full scale harm nothing")
    func extremes() {
        #expect(edges([silence(3000)]).isEmpty)
        let square = (0..<8000).map { $0 / 20 % 2 == 0 ? 32767.0 : -32768.0 }
        #expect(edges([silence(1000) + square + silence(1000)]).count == 2)
    }

    @Test("A click is not speech", arguments: [1, 8, 40, 100])
    func click(samples: Int) {
        var maker = SoundMaker()
        let click = silence(1003) + (0..<samples).map { $0 % 2 == 0 ? 12_000.0 : -12_000 } + silence(500)
        #expect(edges([maker.noise(-50, milliseconds: 2000), click]).isEmpty)
    }

    @Test("When the noise rises the floor follows within three seconds")
    func risingNoise() {
        var maker = SoundMaker()
        let edges = edges([maker.noise(-55, milliseconds: 2000) + maker.noise(-32, milliseconds: 8000)])
        if let last = edges.last {
            #expect(last.reported < 5 * 8000)
            guard case .stopped = last.edge else {
                Issue.record("it still hears speech: \(edges)")
                return
            }
        }
    }

    @Test("The hangover decides whether a pause parts two words", arguments: [(100, 2), (600, 1)])
    func hangover(milliseconds: Int, starts: Int) {
        var maker = SoundMaker()
        var configuration = VoiceActivityDetector.Configuration()
        configuration.hangover = .milliseconds(milliseconds)
        let voice =
            silence(1000) + maker.voice(-25, milliseconds: 600) + silence(400) + maker.voice(-25, milliseconds: 600)
            + silence(1500)
        let edges = edges([maker.noise(-55, milliseconds: 4100), voice], configuration: configuration)
        #expect(edges.count == 2 * starts)
    }
}
