import Agent
import Callers
import Codecs
import Foundation
import Logging

/// What the callers of scenarios bring: their sounds, and the noise behind them.
struct ScenarioStage: Sendable {
    /// A line that is not noisy has this behind the caller: -66 dBFS.
    private static let hiss = 16.0

    /// A caller's share of it.
    struct Part: Sendable {
        var sounds: [Scenario.Act: ScenarioSound]
        /// 8 kHz; empty for none.
        var background: [Int16]
        /// Of everything drawn.
        var seed: UInt64

        /// The caller, to be put on a line.
        func caller(
            of scenario: Scenario, done: @escaping @Sendable (SimulatedCaller.Heard) -> Void
        ) -> SimulatedCaller {
            SimulatedCaller(
                scenario, sounds: sounds.mapValues(\.samples), background: background, seed: seed, done: done)
        }
    }

    private let voice: any ScenarioVoice
    private let background: Background
    private let seed: UInt64
    private let models: [String: any LanguageModel]
    private let callerModel: String?

    /// - Parameters:
    ///   - voice: of callers, in place of the fixtures' and the embedded one; then lines have no sound of their own.
    ///   - seed: of everything drawn.
    ///   - models: by provider.
    ///   - callerModel: the provider of improvising callers; nil takes the only one there is.
    init(
        _ manifest: FixtureManifest, voice: (any ScenarioVoice)?, seed: UInt64, models: [String: any LanguageModel],
        callerModel: String?, logger: Logger
    ) throws {
        self.models = models
        self.callerModel = callerModel
        self.voice = voice ?? FliteScenarioVoice(fixtures: manifest, logger: logger)
        background = try Background(voice == nil ? manifest : nil)
        self.seed = seed
    }

    /// Who makes up the caller's words; nil where they are written down.
    func improviser(of scenario: Scenario) throws -> ImprovisedCaller? {
        guard let improvisation = scenario.improvisation else { return nil }
        let name = callerModel ?? (models.count == 1 ? models.keys.first : nil)
        guard let name, let model = models[name] else {
            let known = models.keys.sorted().joined(separator: ", ")
            throw DemoError(
                reason: "\(scenario.name): the caller improvises, and "
                    + (callerModel.map { "there is no language model \"\($0)\"" } ?? "--caller-model names no provider")
                    + "; under `providers` there \(known.isEmpty ? "is none" : "are \(known)")")
        }
        let voice = voice
        return ImprovisedCaller(scenario, improvisation, model: model) { try await voice.sound(of: $0, for: scenario) }
    }

    /// - Throws: when one of them improvises and there is no model for it; before any call is held.
    func checkImprovisers(of scenarios: [Scenario]) throws {
        for scenario in scenarios { _ = try improviser(of: scenario) }
    }

    func part(of scenario: Scenario) async throws -> Part {
        var sounds: [Scenario.Act: ScenarioSound] = [:]
        let first = scenario.placed.map { [$0.answer] } ?? []
        for act in scenario.answers.values.joined() + scenario.events.map(\.act) + first where sounds[act] == nil {
            sounds[act] = try await voice.sound(of: act, for: scenario)
        }
        let seed = seed &+ ContentNumber.of(scenario.name)
        let noise = background.samples(
            for: scenario, speech: sounds.mapValues(\.samples), hiss: Self.hiss, seed: seed)
        return Part(sounds: sounds, background: noise, seed: seed)
    }
}

/// A number of a text that is the same everywhere and always (FNV-1a).
private enum ContentNumber {
    static func of(_ text: String) -> UInt64 {
        text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}

/// What is heard behind callers.
private struct Background: Sendable {
    private let talkers: [[Int16]]
    private let hasNone: Bool

    /// - Parameter manifest: whose recordings babble; nil keeps every line clean.
    init(_ manifest: FixtureManifest?) throws {
        hasNone = manifest == nil
        // Six of those that the agents are tuned with; each speaks on and on.
        talkers =
            try manifest.map { manifest in
                let lines = manifest.fixtures.filter { $0.split == "tune" && $0.category == "out_of_task" }.prefix(12)
                let clips = try lines.map { line in
                    let samples = try manifest.clip(line).audio.map(MuLaw.decode)
                    return Array(samples[CallerMouth.voiced(samples)])
                }
                return stride(from: 0, to: clips.count - 1, by: 2).map { clips[$0] + clips[$0 + 1] }
            } ?? []
    }

    /// - Parameters:
    ///   - speech: what the caller says; the noise is as much below it as the scenario wants.
    ///   - hiss: the level where it wants none.
    func samples(
        for scenario: Scenario, speech: [Scenario.Act: [Int16]], hiss: Double, seed: UInt64
    ) -> [Int16] {
        guard !hasNone else { return [] }
        guard let noise = scenario.noise else {
            return BackgroundNoise.pink.samples(level: hiss, talkers: [], seed: seed)
        }
        let levels = speech.values.filter { !$0.isEmpty }.map(CallerMouth.level)
        let level = levels.isEmpty ? 1500 : levels.reduce(0, +) / Double(levels.count)
        return noise.kind.samples(
            level: level * Double.decibels(-noise.ratio), talkers: talkers, seed: seed)
    }
}

extension Double {
    /// The ratio of amplitudes that is so many dB.
    fileprivate static func decibels(_ value: Double) -> Double { Foundation.pow(10, value / 20) }
}
