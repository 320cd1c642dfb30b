import Emulators
import Foundation
import Networking
import Synchronization
import Testing

@testable import Speech

/// One call's connection over loopback sockets, against the strict emulator.
@Suite("A call by Gemini's Live API")
struct GeminiLiveCallTests {
    private static func talk(
        _ configuration: GeminiLiveEmulatorConfiguration, key: String = "emulated",
        _ adjust: (inout GeminiLiveConfiguration) -> Void = { _ in },
        _ body: (Talk, GeminiLiveEmulator) async throws -> Void
    ) async throws {
        let emulator = GeminiLiveEmulator(configuration)
        try await withService(emulator) { url, loop in
            var settings = GeminiLiveConfiguration(url: url, apiKey: key)
            adjust(&settings)
            let (counters, chosen) = (RealtimeCounters(), settings)
            try await Talk.hold(chosen.call(loop: loop, counters: counters, logger: Talk.logger), loop, counters) {
                try await body($0, emulator)
            }
        }
    }

    private static let greeting = RealtimeMessage.agent(text: "Welcome.", calls: [])

    @Test("hears, answers with its own voice, calls a tool and goes on; the setup holds what was said before")
    func straightThrough() async throws {
        let configuration = GeminiLiveEmulatorConfiguration(
            transcripts: ["what is in stock"], chunkDelay: .milliseconds(2)
        ) { exchange in
            exchange.toolResults.isEmpty
                ? .init("One moment.", toolCalls: [.init(name: "stock", arguments: #"{"of":"apples"}"#)])
                : .init("There are \(exchange.toolResults[0]) apples. Do you want some?")
        }
        try await Self.talk(configuration) { talk, emulator in
            let tool = RealtimeTool(name: "stock", summary: "Says.", parameters: #"{"type":"object","properties":{}}"#)
            talk.call.prepare(RealtimeQuestion(instructions: "Be kind.", messages: [Self.greeting], tools: [tool]))
            await talk.say(1)
            var heard = talk.heard.makeAsyncIterator()
            let taken = await heard.next()
            #expect(taken == .taken(UtteranceID(1)))
            let messages: [RealtimeMessage] = [Self.greeting, .caller("")]
            let first = try await Talk.all(talk.ask(messages, tools: [tool]))
            #expect(first.text == "One moment.")
            guard case .heard("what is in stock", _)? = first.rest.first,
                case .call(let call)? = first.rest.dropFirst().first
            else {
                Issue.record("\(first)")
                return
            }
            #expect(call.name == "stock" && call.arguments == #"{"of":"apples"}"#)
            // 60 ms a character and the pause behind it.
            let filler = try await talk.speak("One moment.")
            #expect(filler == 11 * 480 + 1600)
            let second = try await Talk.all(
                talk.ask(
                    messages.dropLast() + [
                        .caller("what is in stock"), .agent(text: first.text, calls: [call]),
                        .result(call: call.id, content: "seven"),
                    ], tools: [tool]))
            #expect(second.text == "There are seven apples. Do you want some?")
            guard case .finished(let finish)? = second.rest.last else {
                Issue.record("\(second)")
                return
            }
            #expect(finish.inputTokens == 20 && finish.soundOut == 8)
            let parts = [
                try await talk.speak("There are seven apples.", beginsReply: false),
                try await talk.speak("Do you want some?", beginsReply: false),
            ]
            #expect(parts[0] + parts[1] == 40 * 480 + 3200)
            let sentence = 23 * 480
            #expect(parts[0] >= sentence && parts[0] <= sentence + 1600, "\(parts)")
            #expect(emulator.errors == [] && emulator.items == ["result: seven"])
            #expect(emulator.instructions.count == 1 && emulator.instructions[0].hasSuffix("You: Welcome."))
            #expect(talk.counters.unreadable.load(ordering: .relaxed) == 0)
        }
    }

    @Test("an interruption: late pieces go nowhere, the next answer comes, and the model is told what was heard")
    func interruption() async throws {
        let configuration = GeminiLiveEmulatorConfiguration(
            transcripts: ["tell me", "stop"], chunkDelay: .milliseconds(20), faults: [.late(chunks: 5)]
        ) { .init($0.userText == "tell me" ? "This is a story that goes on for a long time, and then on." : "Good.") }
        try await Self.talk(configuration) { talk, emulator in
            await talk.say(1)
            let words = Lock("")
            let answer = Task {
                for try await case .text(let piece) in talk.ask([.caller("")]) { words.withLock { $0 += piece } }
            }
            try await Talk.untilSo { words.withLock { $0.contains("long time,") } }
            let sentence = Task { try await talk.speak("This is a story that goes on for a long time,") }
            try await Talk.untilSo { talk.spoken.withLock { $0 } >= 1608 }
            await talk.onLoop { talk.voice.cutReply(heard: 1608) }
            sentence.cancel()
            answer.cancel()
            _ = await (sentence.result, answer.result)
            await talk.say(2)
            let next = try await Talk.all(
                talk.ask([.caller("tell me"), .agent(text: "This is", calls: []), .caller("")]))
            #expect(next.text == "Good.")
            #expect(emulator.errors == [] && emulator.counts.interruptions.count == 1)
            #expect(
                emulator.items == [
                    #"text: [You were cut off. Of what you said last the caller has heard only: "This is"]"#
                ])
            try await Talk.untilSo { talk.counters.lateDeltas.load(ordering: .relaxed) >= 5 }
            #expect(talk.counters.truncations.load(ordering: .relaxed) == 1)
        }
    }

    @Test("a key that is refused is told apart, and nothing is tried again")
    func badKey() async throws {
        try await Self.talk(GeminiLiveEmulatorConfiguration(), key: "wrong") { talk, emulator in
            talk.call.prepare(RealtimeQuestion(instructions: "", messages: []))
            var heard = talk.heard.makeAsyncIterator()
            guard case .failed(nil, let error)? = await heard.next() else {
                Issue.record("no failure")
                return
            }
            #expect(error.code == .unauthorized && error.detail.contains("API key not valid"))
            let answer = await Task { try await Talk.all(talk.ask([.caller("a")])) }.result
            #expect(throws: SpeechError.self) { try answer.get() }
            try await Task.sleep(for: .milliseconds(300))
            #expect(emulator.counts.connections.count == 1 && emulator.counts.refusals.count == 1)
        }
    }

    @Test(
        "a socket that is killed between two turns goes on with the vendor's memory",
        arguments: [
            (GeminiLiveEmulatorConfiguration.Fault.close(afterChunks: 8, code: 1011), 1),
            (.amnesia, 0),
        ])
    func goesOn(fault: GeminiLiveEmulatorConfiguration.Fault, resumptions: Int) async throws {
        let configuration = GeminiLiveEmulatorConfiguration(
            transcripts: ["hello", "again", "and again"], chunkDelay: .milliseconds(2), faults: [fault]
        ) { .init($0.userText == "hello" ? "Hi." : "Here I am.") }
        try await Self.talk(configuration) { talk, emulator in
            await talk.say(1)
            let first = try await Talk.all(talk.ask([.caller("")]))
            #expect(first.text == "Hi.")
            let spoken = try await talk.speak("Hi.")
            #expect(spoken == 3 * 480 + 1600)
            try await Task.sleep(for: .milliseconds(50))
            var messages: [RealtimeMessage] = [.caller("hello"), .agent(text: "Hi.", calls: []), .caller("")]
            await talk.say(2)
            if fault == .amnesia {
                // What the vendor would not go on from is begun anew, and told.
                _ = try await Talk.all(talk.ask(messages))
                await talk.onLoop { [call = talk.call] in
                    call.perform([.reconnect(SpeechError(.unavailable, operation: "o", provider: "p", detail: "d"))])
                }
                try await Talk.untilSo { emulator.counts.connections.count >= 3 }
                messages[2] = .caller("again")
                messages += [.agent(text: "Here I am.", calls: []), .caller("")]
                await talk.say(3)
            } else {
                // It goes down in the second answer.
                let asked = messages
                let broken = await Task { try await Talk.all(talk.ask(asked)) }.result
                #expect { try broken.get() } throws: { ($0 as? SpeechError)?.isRetryable == true }
                try await Talk.untilSo { emulator.counts.connections.count == 2 }
                messages[2] = .caller("again")
                messages += [.agent(text: "Sorry?", calls: []), .caller("")]
                await talk.say(3)
            }
            let next = try await Talk.all(talk.ask(messages))
            #expect(next.text == "Here I am.")
            #expect(emulator.errors == [] && emulator.counts.resumptions.count == resumptions)
            if fault == .amnesia {
                #expect(emulator.instructions.last?.contains("Caller: hello\nYou: Hi.") == true)
            } else {
                #expect(
                    emulator.items == [
                        #"text: [The caller has said before: "again"]"#,
                        #"text: [You have said to the caller: "Sorry?"]"#,
                    ])
            }
        }
    }

    @Test("a connection that is to be left is renewed between two turns, and nobody is told anything twice")
    func renewal() async throws {
        let configuration = GeminiLiveEmulatorConfiguration(
            transcripts: ["one", "two"], chunkDelay: .milliseconds(2), faults: [.leave(afterTurns: 1)]
        ) { .init("\($0.userText).") }
        try await Self.talk(configuration) { talk, emulator in
            await talk.say(1)
            #expect(try await Talk.all(talk.ask([.caller("")])).text == "one.")
            try await Talk.untilSo { emulator.counts.connections.count == 2 }
            await talk.say(2)
            let answer = try await Talk.all(
                talk.ask([.caller("one"), .agent(text: "one.", calls: []), .caller("")]))
            #expect(answer.text == "two." && emulator.errors == [] && emulator.items == [])
            #expect(emulator.counts.resumptions.count == 1)
            #expect(talk.counters.connectionsLost.load(ordering: .relaxed) == 0)
        }
    }

    @Test("an utterance in mid-connection is heard whole on the next one, and garbage is counted")
    func heardAgain() async throws {
        let configuration = GeminiLiveEmulatorConfiguration(
            transcripts: ["hello"], faults: [.refuse(status: 503), .garbage]
        ) { _ in .init("Good.") }
        try await Self.talk(configuration) { talk, emulator in
            await talk.say(1)
            let answer = try await Talk.all(talk.ask([.caller("")]))
            #expect(answer.text == "Good.")
            // A second at 16 kHz, and what goes before it.
            #expect(emulator.counts.audioBytes.count >= 32_000 && emulator.errors == [])
            #expect(talk.counters.unreadable.load(ordering: .relaxed) == 1)
        }
    }

    @Test(
        "words that never come, an answer that stalls, one that fails",
        arguments: [
            GeminiLiveEmulatorConfiguration.Fault.deaf, .stall(afterChunks: 2),
            .fail(reason: "MALFORMED_FUNCTION_CALL"),
        ])
    func faults(fault: GeminiLiveEmulatorConfiguration.Fault) async throws {
        let configuration = GeminiLiveEmulatorConfiguration(chunkDelay: .milliseconds(2), faults: [fault]) { _ in
            .init("Here I am.")
        }
        try await Self.talk(configuration) {
            $0.firstWordsDeadline = .milliseconds(200)
        } _: { talk, emulator in
            await talk.say(1)
            switch fault {
            case .deaf:
                let answer = try await Talk.all(talk.ask([.caller("")]))
                #expect(answer.text == "Here I am.")
                #expect(!answer.rest.contains { if case .heard = $0 { true } else { false } })
            case .stall:
                let answer = Task { try await Talk.all(talk.ask([.caller("")])) }
                try await Talk.untilSo { emulator.counts.turns.count == 1 }
                try await Task.sleep(for: .milliseconds(100))
                answer.cancel()
                _ = await answer.result
                try await Talk.untilSo { emulator.counts.interruptions.count == 1 }
            default:
                let answer = await Task { try await Talk.all(talk.ask([.caller("")])) }.result
                #expect(throws: SpeechError.self) { try answer.get() }
            }
            #expect(emulator.errors == [])
        }
    }
}
