import Agent
import CallSession
import Callers
import Emulators
import Foundation
import Networking
import Store
import Testing

@testable import Service

/// Whole calls over real sockets in Twilio's dialect, answered by the emulated model that hears and speaks.
@Suite("Calls with a model that hears and speaks")
struct SpeechToSpeechTests {
    static let agent = """
        name: heating
        kind: model
        summary: Sets the heating.
        greeting: "Hello, this is the heating."
        thresholds: {reask_below: 0.3, escalate_below: 0.0, max_reasks: 2}
        silence: {reprompt_after: 7, max_reprompts: 2, prompts: ["Are you there?"], farewell: "Goodbye."}
        barge_in: {protected_greeting_words: 0}
        tools: {thermostat_set: irreversible, thermostat_read: read}
        escalation: [{hang_up: true, say: "Please call again later."}]
        model:
          provider: live
          max_tokens: 300
          step_budget: 6
          first_token_deadline: 4
          progress_deadline: 3
          apology: "Sorry, something went wrong. Could you say that again?"
          not_understood: "Sorry, I did not catch that."
        instructions: |
          You set the heating. The usual target is seventy.
        """

    /// Of bytes that nothing else on the line has, with a quiet pause behind each sentence.
    static let voice: @Sendable (String) async -> [UInt8] = { text in
        (0..<text.count * 480).map { $0 % 40 < 20 ? 0x30 : 0xB0 } + [UInt8](repeating: 0xFD, count: 1600)
    }

    /// Runs a service whose agent speaks through the emulator, and gives what is left of it.
    static func run(
        _ emulator: RealtimeEmulatorConfiguration, key: String = "emulated", agent: String = agent,
        _ body: (ServiceUnderTest, EmulatorFleet) async throws -> Void,
        afterwards: (Store, EmulatorFleet) async throws -> Void
    ) async throws {
        var fleet = EmulatorFleet.Configuration()
        fleet.openAIConversations = emulator
        fleet.openAIConversations.voice = voice
        let emulators = EmulatorFleet(fleet, logger: LogCollector().logger)
        let addresses = try await emulators.start()
        do {
            try await ServiceUnderTest.run(
                configure: { configuration, directory in
                    let file = directory.appending(path: "agents/heating.yaml")
                    try? Data(agent.utf8).write(to: file)
                    configuration.agents.default = "heating"
                    var provider = ParleyConfiguration.Provider(kind: .openAISpeechToSpeech)
                    provider.url = addresses.openAIConversations
                    provider.apiKey = Secret(key)
                    configuration.providers["live"] = provider
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
        let script: @Sendable (RealtimeEmulatorConfiguration.Exchange) -> RealtimeEmulatorConfiguration.Reply = {
            exchange in
            switch (exchange.userText, exchange.toolResults.isEmpty) {
            case ("make it warmer", _): .init("Shall I set the target to seventy?")
            case ("yes please", true):
                .init("", toolCalls: [.init(name: "thermostat_set", arguments: #"{"target":70}"#)])
            case ("yes please", false): .init(story)
            default: .init("Goodbye.", toolCalls: [.init(name: "end_call", arguments: "{}")])
            }
        }
        let configuration = RealtimeEmulatorConfiguration(
            transcripts: ["make it warmer", "yes please", "okay thank you that is enough"],
            transcriptDelay: .milliseconds(250), script: script)
        let caller = Lock<InterruptingCaller?>(nil)
        try await Self.run(configuration) { test, _ in
            let line = InterruptingCaller(on: test.loop, interrupts: 3, after: .milliseconds(1500))
            caller.withLock { $0 = line }
            let reason = await line.hold(try await test.announce("CA1"))
            #expect(reason.contains("1000"), "\(reason)")
            let target = await test.service.room.reading["target"]?.text
            #expect(target == "70")
            let truncations = try await test.metric("parley_speech_to_speech_truncations_total")
            #expect(truncations == 1)
        } afterwards: { store, emulators in
            let emulator = emulators.openAIConversations
            #expect(emulator.errors == [])
            let truncation = try #require(emulator.truncations.first)
            #expect(emulator.truncations.count == 1 && emulator.deletions == [])

            // What the emulator was told is what the caller heard: of its voice no other sound on the line has the bytes.
            let ear = caller.withLock { $0?.heardOfLongReply ?? 0 }
            let difference = abs(truncation.milliseconds - ear / 8)
            #expect(difference <= 40, "told \(truncation.milliseconds) ms, heard \(ear / 8) ms")
            #expect((800...4000).contains(truncation.milliseconds), "\(truncation)")

            let kept = try await store.story(ofCarrierCall: "CA1")
            #expect(kept.incidents.isEmpty, "\(kept.incidents)")
            // Of each answer the emulator says: ten tokens of text and ten of sound in, two and eight out.
            let items = try #require(kept.call.cost?.items)
            let quantities = Dictionary(uniqueKeysWithValues: items.map { ($0.unit, $0.quantity) })
            let answers = (quantities["input_tokens"] ?? 0) / 10
            #expect(answers >= 4)
            #expect(
                items.map(\.unit) == ["input_tokens", "output_tokens", "audio_input_tokens", "audio_output_tokens"])
            #expect(
                quantities["audio_input_tokens"] == answers * 10 && quantities["audio_output_tokens"] == answers * 8)
            #expect(kept.call.cost?.total == Decimal(answers * 360) / 1_000_000)
            #expect(CallText.story(kept).contains("cost  \(Decimal(answers * 360) / 1_000_000) USD\n"))
            let turns = kept.turns.map { ($0.speaker == .caller ? "caller" : "agent") + ": " + ($0.heard ?? $0.text) }
            let cut = try #require(kept.turns.first { $0.interrupted == true })
            #expect(
                turns == [
                    "agent: Hello, this is the heating.", "caller: make it warmer",
                    "agent: Shall I set the target to seventy?", "caller: yes please", "agent: \(cut.heard ?? "")",
                    "caller: okay thank you that is enough", "agent: Goodbye.",
                ])
            #expect(story.hasPrefix(cut.heard ?? "?") && !(cut.heard ?? "").isEmpty)
            // In a voice of 60 ms a character, as many as were heard, to a word.
            let spoken = (cut.heard ?? "").count * 60
            #expect(abs(spoken - truncation.milliseconds) < 900, "\(cut) \(truncation)")
            #expect(kept.tools.map(\.name) == ["thermostat_set"] && kept.tools.first?.succeeded == true)
            #expect(kept.call.endReason == "the agent ended the call")
            // The model is told of what others said for it, and of results; of nothing it heard or said itself.
            #expect(
                emulator.items.map { $0.prefix { $0 != " " } } == ["system:", "assistant:", "result:"],
                "\(emulator.items)")
            #expect(emulator.orders.first == ["system", "assistant", "user"])

            let recording = try #require(kept.recordings.first)
            let clip = try CallerClip(path: recording.path)
            #expect(clip.audio.count > 8000 * 8)
        }
    }

    @Test("a response that fails is apologised for by the other voice, and the call goes on")
    func failedResponse() async throws {
        let configuration = RealtimeEmulatorConfiguration(
            transcripts: ["make it warmer", "once more"], faults: [.fail(code: "server_error")]
        ) { _ in .init("Here I am.", toolCalls: [.init(name: "end_call", arguments: "{}")]) }
        try await Self.run(configuration) { test, _ in
            let reason = try await test.call("CA1", saying: ["a", "b"])
            #expect(reason.contains("1000"), "\(reason)")
        } afterwards: { store, emulators in
            let kept = try await store.story(ofCarrierCall: "CA1")
            #expect(
                kept.turns.filter { $0.speaker == .agent }.map { $0.heard ?? "" } == [
                    "Hello, this is the heating.", "Sorry, something went wrong. Could you say that again?",
                    "Here I am.",
                ])
            #expect(kept.turns.filter { $0.speaker == .caller }.map(\.text) == ["make it warmer", "once more"])
            #expect(emulators.openAIConversations.errors == [])
        }
    }

    @Test("a socket that is killed in mid-answer: the caller is told, and the next connection knows the conversation")
    func killed() async throws {
        let configuration = RealtimeEmulatorConfiguration(
            transcripts: ["make it warmer", "once more"], chunkDelay: .milliseconds(40),
            faults: [.close(afterChunks: 6, code: 1011)]
        ) { exchange in
            exchange.userText == "once more"
                ? .init("Here I am.", toolCalls: [.init(name: "end_call", arguments: "{}")])
                : .init("One thing first. This is going to take quite some time to be said.")
        }
        let line = Lock("")
        try await Self.run(configuration) { test, _ in
            let reason = try await test.call("CA1", saying: ["a", "b"])
            #expect(reason.contains("1000"), "\(reason)")
            let lost = try await test.metric("parley_speech_to_speech_connections_lost_total")
            #expect(lost == 1)
            line.withLock { line in line = test.log.lines.first { $0.contains("vendor broke") } ?? "" }
        } afterwards: { store, emulators in
            let emulator = emulators.openAIConversations
            let kept = try await store.story(ofCarrierCall: "CA1")
            // Whose failure it was, and in answer to what.
            let words = line.withLock { $0.split(separator: " ").map(String.init) }
            #expect(words.contains("call.id=\(kept.call.id)") && words.contains("turn=1"), "\(words)")
            let said = kept.turns.filter { $0.speaker == .agent }.map { $0.heard ?? "" }
            #expect(said.count == 3 && said.last == "Here I am.", "\(said)")
            #expect(said[1].hasSuffix("Sorry, something went wrong. Could you say that again?"), "\(said)")
            #expect(emulator.counts.connections.count == 2 && emulator.errors == [])
            #expect(emulator.items.contains("user: make it warmer"), "\(emulator.items)")
        }
    }

    @Test("a wrong key: the caller is let go in words, and the log says what is wrong")
    func wrongKey() async throws {
        try await Self.run(RealtimeEmulatorConfiguration(), key: "wrong") { test, _ in
            _ = try await test.call("CA1", saying: ["a", "b", "c", "d"])
            #expect(test.log.contains("refuses us", "401", " call.id=", " turn="))
        } afterwards: { store, emulators in
            let kept = try await store.story(ofCarrierCall: "CA1")
            #expect(kept.turns.filter { $0.speaker == .agent }.first?.heard == "Hello, this is the heating.")
            #expect(kept.turns.contains { $0.heard == "Sorry, I did not catch that." }, "\(kept.turns)")
            #expect(emulators.openAIConversations.counts.refusals.count == 1)
        }
    }

    @Test("the check opens a connection, and names the key that is refused")
    func check() async throws {
        let emulators = EmulatorFleet(logger: LogCollector().logger)
        let addresses = try await emulators.start()
        for (key, isOK) in [("emulated", true), ("wrong", false)] {
            var configuration = ParleyConfiguration()
            var provider = ParleyConfiguration.Provider(kind: .openAISpeechToSpeech)
            provider.url = addresses.openAIConversations
            provider.apiKey = Secret(key)
            configuration.providers["live"] = provider
            let findings = await SystemCheck.providers(configuration)
            #expect(findings.map(\.isOK) == [isOK], "\(findings)")
            if !isOK {
                #expect(findings.first?.detail.contains("PARLEY_PROVIDERS_LIVE_API_KEY") == true, "\(findings)")
            }
        }
        await emulators.shutdown()
    }

    @Test("an agent cannot mix models that hear and speak with such that write")
    func objections() throws {
        func objection(_ more: String, of text: String = Self.agent, handsTo other: String? = nil) throws -> String? {
            let base = text + "\n"
            func read(_ text: String) throws -> AgentDefinition {
                try AgentDefinition(yaml: Data(text.utf8), file: "heating.yaml") { _ in Data() }
            }
            let agent = try read(base.replacing("provider: live\n", with: "provider: live\n\(more)"))
            var configuration = ParleyConfiguration()
            configuration.providers["live"] = .init(kind: .openAISpeechToSpeech)
            configuration.providers["text"] = .init(kind: .openai)
            var agents = ["heating": agent]
            if let other {
                agents["other"] = try read(base.replacing("provider: live", with: "provider: \(other)"))
            }
            return configuration.objection(to: agent, among: agents)
        }
        #expect(try objection("") == nil)
        #expect(try objection("  fallback: [text]\n")?.contains("cannot stand in") == true)
        let handing = Self.agent.replacing("kind: model\n", with: "kind: model\nhandoff: [other]\n")
        #expect(try objection("", of: handing, handsTo: "live") == nil)
        #expect(try objection("", of: handing, handsTo: "text")?.contains("`handoff`") == true)
        let asking = Self.agent.replacing("kind: model\n", with: "kind: model\ndelegate: [other]\n")
        #expect(try objection("", of: asking, handsTo: "text") == nil)
        #expect(try objection("", of: asking, handsTo: "live")?.contains("`delegate`") == true)
    }
}
