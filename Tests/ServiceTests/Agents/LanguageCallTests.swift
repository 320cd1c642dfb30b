import CallSession
import Emulators
import Foundation
import Store
import Testing

@testable import Service

/// A whole call over real sockets, with vendors' emulators for ears, mind and voice.
@Suite("A call in two languages")
struct LanguageCallTests {
    private static func agent(_ name: String, language: String, greeting: String, more: String) -> String {
        """
        name: \(name)
        kind: model
        language: \(language)
        \(more)
        summary: Answers the telephone.
        greeting: "\(greeting)"
        thresholds: {reask_below: 0.3, escalate_below: 0.0, max_reasks: 2}
        silence: {reprompt_after: 9, max_reprompts: 2, prompts: ["?"], farewell: "."}
        barge_in: {protected_greeting_words: 0}
        escalation: [{hang_up: true, say: "Please call again later."}]
        model:
          provider: mind
          max_tokens: 300
          step_budget: 6
          first_token_deadline: 4
          progress_deadline: 3
          apology: "Sorry."
          not_understood: "Sorry?"
        instructions: You answer the telephone. We open at nine. Appointments are on lunes a las 9.
        """
    }

    @Test("the caller goes over to Spanish, and is answered in the voice that speaks it")
    func switches() async throws {
        var fleet = EmulatorFleet.Configuration()
        fleet.deepgram.transcripts = ["when do you open", "quiero una cita por favor", "muchas gracias"]
        fleet.deepgram.languages = ["en", "es", "es"]
        fleet.openAI.script = { exchange in
            switch exchange.userText {
            case "when do you open": .init("We open at nine.")
            case "quiero una cita por favor": .init("Claro, el lunes a las 9.")
            default: .init("Hasta luego.", toolCalls: [.init(name: "end_call", arguments: "{}")])
            }
        }
        let emulators = EmulatorFleet(fleet, logger: LogCollector().logger)
        let addresses = try await emulators.start()
        do {
            try await ServiceUnderTest.run(engines: nil) { configuration, directory in
                let texts = [
                    "desk": Self.agent(
                        "desk", language: "en", greeting: "Good morning.", more: "languages: {es: recepcion}"),
                    "recepcion": Self.agent(
                        "recepcion", language: "es", greeting: "Buenos días.", more: "voice: propia"),
                ]
                for (name, text) in texts {
                    try? Data(text.utf8).write(to: directory.appending(path: "agents/\(name).yaml"))
                }
                configuration.agents.default = "desk"
                func provider(_ kind: ParleyConfiguration.Provider.Kind, _ url: String) -> ParleyConfiguration.Provider
                {
                    var provider = ParleyConfiguration.Provider(kind: kind)
                    (provider.url, provider.apiKey) = (url, Secret("emulated"))
                    return provider
                }
                var ears = provider(.deepgram, addresses.deepgram)
                ears.language = "multi"
                var mind = provider(.openai, addresses.openAI)
                mind.model = "emulated"
                var (english, spanish) = (
                    provider(.elevenlabs, addresses.elevenLabs), provider(.elevenlabs, addresses.elevenLabs)
                )
                (english.voice, spanish.voice) = ("inglesa", "otra")
                configuration.providers = ["ears": ears, "mind": mind, "english": english, "spanish": spanish]
                configuration.speech.recognizer = [.provider("ears")]
                configuration.speech.synthesizer = [.provider("english")]
                configuration.speech.spanishSynthesizer = [.provider("spanish")]
                configuration.speech.phraseStore = directory.appending(path: "phrases").path
            } _: { test in
                let reason = try await test.call("CA1", saying: ["one", "two", "three"])
                #expect(reason.contains("1000"), "\(reason)")
            } afterwards: { store, _ in
                let kept = try await store.story(ofCarrierCall: "CA1")
                #expect(kept.incidents.isEmpty, "\(kept.incidents)")
                let turns = kept.turns.map {
                    ($0.speaker == .caller ? "caller" : "agent") + ": " + ($0.heard ?? $0.text)
                }
                #expect(
                    turns == [
                        "agent: Good morning.", "caller: when do you open", "agent: We open at nine.",
                        "caller: quiero una cita por favor", "agent: Claro, el lunes a las 9.",
                        "caller: muchas gracias", "agent: Hasta luego.",
                    ])
            }
        } catch {
            await emulators.shutdown()
            throw error
        }
        // By the agent's own voice at the language's vendor, and the figures in its language.
        let said = emulators.elevenLabs.charactersByVoice
        #expect(said.keys.sorted() == ["inglesa", "propia"])
        #expect(emulators.elevenLabs.counts.connections.count == 2)
        #expect(said["inglesa"] == "Good morning. We open at nine. ".count)
        #expect(said["propia"] == "Claro, el lunes a las nueve. Hasta luego. ".count)
        await emulators.shutdown()
    }
}
