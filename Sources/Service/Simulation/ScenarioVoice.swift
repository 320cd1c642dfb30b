import AudioCore
import CallSession
import Callers
import Codecs
import Logging
import Speech

/// Turns what a scenario's caller says into sound.
protocol ScenarioVoice: Sendable {
    /// - Returns: silence at both ends is fine; empty where nothing is heard.
    func sound(of act: Scenario.Act, for scenario: Scenario) async throws -> ScenarioSound
}

/// The recordings of the fixtures, and the embedded synthesizer for all other words.
final class FliteScenarioVoice: ScenarioVoice {
    private let fixtures: FixtureManifest
    private let logger: Logger

    init(fixtures: FixtureManifest, logger: Logger) {
        self.fixtures = fixtures
        self.logger = logger
    }

    func sound(of act: Scenario.Act, for scenario: Scenario) async throws -> ScenarioSound {
        switch act {
        case .fixture(let id):
            guard let fixture = fixtures.fixtures.first(where: { $0.id == id }) else {
                throw DemoError(reason: "the fixtures hold no \(id)")
            }
            var sound = ScenarioSound(samples: try fixtures.clip(fixture).audio.map(MuLaw.decode))
            sound.words = ScenarioSound.spread(fixture.text, over: fixture.voiced)
            return sound
        case .say(let text):
            guard case .parts(let parts) = SpokenLine.parts(of: text) else { return ScenarioSound(samples: []) }
            return try await speak(parts, voice: scenario.voice, speed: scenario.speed)
        case .silence, .press, .hangUp: return ScenarioSound(samples: [])
        }
    }

    private func speak(_ parts: [SpokenLine.Part], voice: String, speed: Double) async throws -> ScenarioSound {
        var configuration = FliteConfiguration()
        configuration.speakingRate = speed
        configuration.workerCount = 1
        let synthesizer = FliteSynthesizer(configuration: configuration, logger: logger)
        defer { synthesizer.close() }
        let session = try await synthesizer.makeSession(
            voice: voice, format: AudioFormat(encoding: .linear16, sampleRate: 8000))
        defer { session.close() }
        var sound = ScenarioSound(samples: [])
        for part in parts {
            switch part {
            case .pause(let length): sound.pause(length)
            case .beep: sound.beep()
            case .words(let words):
                var spoken: [Int16] = []
                for try await chunk in session.synthesize(words) {
                    for index in stride(from: 0, to: chunk.count - 1, by: 2) {
                        spoken.append(Int16(bitPattern: UInt16(chunk[index]) | UInt16(chunk[index + 1]) << 8))
                    }
                }
                // The voice's own silence at the ends would make every pause longer than it is written.
                sound.say(words, spoken[CallerMouth.voiced(spoken)])
            }
        }
        return sound
    }
}

extension FixtureManifest.Fixture {
    /// The stretches in which the caller is heard.
    fileprivate var voiced: [Range<Int>] {
        var start = speechStart
        var stretches: [Range<Int>] = []
        for pause in pauses where pause.count == 2 && pause[0] > start && pause[1] >= pause[0] {
            stretches.append(start..<pause[0])
            start = pause[1]
        }
        if speechEnd > start { stretches.append(start..<speechEnd) }
        return stretches
    }
}
