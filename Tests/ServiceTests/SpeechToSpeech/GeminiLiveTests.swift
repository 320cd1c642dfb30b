import Agent
import Callers
import Emulators
import Foundation
import Networking
import Store
import Testing

@testable import Service

/// Whole calls over real sockets in Twilio's dialect, answered by the emulated Live API.
@Suite("Calls by Gemini's Live API")
struct GeminiLiveTests {
    private static func provider(_ url: String, key: String = "emulated") -> ParleyConfiguration.Provider {
        var provider = ParleyConfiguration.Provider(kind: .geminiLive)
        provider.url = url
        provider.apiKey = Secret(key)
        return provider
    }

    private static func run(
        _ emulator: GeminiLiveEmulatorConfiguration,
        _ body: (ServiceUnderTest, EmulatorFleet) async throws -> Void,
        afterwards: (Store, EmulatorFleet) async throws -> Void
    ) async throws {
        var fleet = EmulatorFleet.Configuration()
        fleet.geminiLive = emulator
        fleet.geminiLive.voice = SpeechToSpeechTests.voice
        let emulators = EmulatorFleet(fleet, logger: LogCollector().logger)
        let addresses = try await emulators.start()
        do {
            try await ServiceUnderTest.run(
                configure: { configuration, directory in
                    let file = directory.appending(path: "agents/heating.yaml")
                    try? Data(SpeechToSpeechTests.agent.utf8).write(to: file)
                    configuration.agents.default = "heating"
                    configuration.providers["live"] = provider(addresses.geminiLive)
                    var price = ParleyConfiguration.Price()
                    (price.millionInputTokens, price.millionAudioInputTokens) = (4, 32)
                    configuration.prices.currency = "USD"
                    configuration.prices.providers["live"] = price
                }
            ) { test in
                try await body(test, emulators)
            } afterwards: { store, _ in
                try await afterwards(store, emulators)
            }
        } catch {
            await emulators.shutdown()
            throw error
        }
        await emulators.shutdown()
    }

    @Test("the caller is answered, a tool acts upon a yes that was spoken, and an interruption is told as it was heard")
    func wholeCall() async throws {
        let story =
            "It is set to seventy now. It will take a while until the room is as warm as that, so be patient with it."
        let configuration = GeminiLiveEmulatorConfiguration(
            transcripts: ["make it warmer", "yes please", "okay thank you that is enough"]
        ) { exchange in
            switch (exchange.userText, exchange.toolResults.isEmpty) {
            case ("make it warmer", _): .init("Shall I set the target to seventy?")
            case ("yes please", true):
                .init("", toolCalls: [.init(name: "thermostat_set", arguments: #"{"target":70}"#)])
            case ("yes please", false): .init(story)
            default: .init("Goodbye.", toolCalls: [.init(name: "end_call", arguments: "{}")])
            }
        }
        try await Self.run(configuration) { test, _ in
            let line = InterruptingCaller(on: test.loop, interrupts: 3, after: .milliseconds(1500))
            let reason = await line.hold(try await test.announce("CA1"))
            #expect(reason.contains("1000"), "\(reason)")
            let target = await test.service.room.reading["target"]?.text
            #expect(target == "70")
            let truncations = try await test.metric("parley_speech_to_speech_truncations_total")
            #expect(truncations == 1)
        } afterwards: { store, emulators in
            let emulator = emulators.geminiLive
            #expect(emulator.errors == [])
            let kept = try await store.story(ofCarrierCall: "CA1")
            #expect(kept.incidents.isEmpty, "\(kept.incidents)")
            let items = try #require(kept.call.cost?.items)
            let quantities = Dictionary(uniqueKeysWithValues: items.map { ($0.unit, $0.quantity) })
            let answers = (quantities["input_tokens"] ?? 0) / 10
            #expect(answers >= 4 && quantities["audio_output_tokens"] == answers * 8, "\(quantities)")
            let turns = kept.turns.map { ($0.speaker == .caller ? "caller" : "agent") + ": " + ($0.heard ?? $0.text) }
            let cut = try #require(kept.turns.first { $0.interrupted == true })
            #expect(
                turns == [
                    "agent: Hello, this is the heating.", "caller: make it warmer",
                    "agent: Shall I set the target to seventy?", "caller: yes please", "agent: \(cut.heard ?? "")",
                    "caller: okay thank you that is enough", "agent: Goodbye.",
                ])
            #expect(story.hasPrefix(cut.heard ?? "?") && !(cut.heard ?? "").isEmpty)
            #expect(kept.tools.map(\.name) == ["thermostat_set"] && kept.tools.first?.succeeded == true)
            #expect(kept.call.endReason == "the agent ended the call")
            // The setup holds the greeting; results go back under their calls; what was heard is told as the transcript has it.
            #expect(emulator.instructions.first?.hasSuffix("You: Hello, this is the heating.") == true)
            let told = emulator.items.filter { !$0.hasPrefix("result: ") }
            #expect(told.count == 1 && told[0].contains("heard only: \"\(cut.heard ?? "?")"), "\(emulator.items)")
            #expect(emulator.counts.connections.count == 1)
        }
    }

    @Test("a socket that is killed in mid-answer: the caller is told, and the next connection knows the conversation")
    func killed() async throws {
        let configuration = GeminiLiveEmulatorConfiguration(
            transcripts: ["make it warmer", "once more"], chunkDelay: .milliseconds(40),
            faults: [.close(afterChunks: 6, code: 1011)]
        ) { exchange in
            exchange.userText == "once more"
                ? .init("Here I am.", toolCalls: [.init(name: "end_call", arguments: "{}")])
                : .init("One thing first. This is going to take quite some time to be said.")
        }
        try await Self.run(configuration) { test, _ in
            let reason = try await test.call("CA1", saying: ["a", "b"])
            #expect(reason.contains("1000"), "\(reason)")
            let lost = try await test.metric("parley_speech_to_speech_connections_lost_total")
            #expect(lost == 1)
        } afterwards: { store, emulators in
            let emulator = emulators.geminiLive
            let kept = try await store.story(ofCarrierCall: "CA1")
            let said = kept.turns.filter { $0.speaker == .agent }.map { $0.heard ?? "" }
            #expect(said.count == 3 && said.last == "Here I am.", "\(said)")
            #expect(said[1].hasSuffix("Sorry, something went wrong. Could you say that again?"), "\(said)")
            #expect(emulator.counts.connections.count == 2 && emulator.errors == [])
            let told = emulator.items + emulator.instructions
            #expect(told.contains { $0.contains("make it warmer") }, "\(told)")
        }
    }

    @Test("the check has the vendor look at the key, and names the key that is refused")
    func check() async throws {
        let emulators = EmulatorFleet(logger: LogCollector().logger)
        let addresses = try await emulators.start()
        for (key, isOK) in [("emulated", true), ("wrong", false)] {
            var configuration = ParleyConfiguration()
            configuration.providers["live"] = Self.provider(addresses.geminiLive, key: key)
            let findings = await SystemCheck.providers(configuration)
            #expect(findings.map(\.isOK) == [isOK], "\(findings)")
            if !isOK {
                #expect(findings.first?.detail.contains("PARLEY_PROVIDERS_LIVE_API_KEY") == true, "\(findings)")
            }
        }
        await emulators.shutdown()
    }
}
