import AudioCore
import CallSession
import Callers
import Codecs
import Logging
import Speech

/// Turns what a scenario's caller says into sound.
protocol ScenarioVoice: Sendable {
    /// - Returns: 8 kHz; silence at both ends is fine.
    func samples(of act: Scenario.Act, for scenario: Scenario) async throws -> [Int16]
}

/// The recordings of the fixtures, and the embedded synthesizer for all other words.
final class FliteScenarioVoice: ScenarioVoice {
    private let fixtures: FixtureManifest
    private let logger: Logger

    init(fixtures: FixtureManifest, logger: Logger) {
        self.fixtures = fixtures
        self.logger = logger
    }

    func samples(of act: Scenario.Act, for scenario: Scenario) async throws -> [Int16] {
        switch act {
        case .fixture(let id):
            guard let fixture = fixtures.fixtures.first(where: { $0.id == id }) else {
                throw DemoError(reason: "the fixtures hold no \(id)")
            }
            return try fixtures.clip(fixture).audio.map(MuLaw.decode)
        case .say(let text):
            guard case .parts(let parts) = SpokenLine.parts(of: text) else { return [] }
            return try await speak(parts, voice: scenario.voice, speed: scenario.speed)
        case .silence, .press, .hangUp: return []
        }
    }

    private func speak(_ parts: [SpokenLine.Part], voice: String, speed: Double) async throws -> [Int16] {
        var configuration = FliteConfiguration()
        configuration.speakingRate = speed
        configuration.workerCount = 1
        let synthesizer = FliteSynthesizer(configuration: configuration, logger: logger)
        defer { synthesizer.close() }
        let session = try await synthesizer.makeSession(
            voice: voice, format: AudioFormat(encoding: .linear16, sampleRate: 8000))
        defer { session.close() }
        var samples: [Int16] = []
        for part in parts {
            switch part {
            case .pause(let length): samples.append(contentsOf: repeatElement(0, count: length.samples))
            case .words(let words):
                var spoken: [Int16] = []
                for try await chunk in session.synthesize(words) {
                    for index in stride(from: 0, to: chunk.count - 1, by: 2) {
                        spoken.append(Int16(bitPattern: UInt16(chunk[index]) | UInt16(chunk[index + 1]) << 8))
                    }
                }
                // The voice's own silence at the ends would make every pause longer than it is written.
                samples += spoken[CallerMouth.voiced(spoken)]
            }
        }
        return samples
    }
}
