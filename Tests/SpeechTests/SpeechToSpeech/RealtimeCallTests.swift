import AudioCore
import Emulators
import Foundation
import Logging
import Networking
import Synchronization
import Testing

@testable import Speech

/// One call's connection over loopback sockets, against the strict emulator.
@Suite("A call with a model that hears and speaks")
struct RealtimeCallTests {
    private static func talk(
        _ configuration: RealtimeEmulatorConfiguration, key: String = "emulated",
        _ adjust: (inout RealtimeConversationConfiguration) -> Void = { _ in },
        _ body: (Talk, RealtimeEmulator) async throws -> Void
    ) async throws {
        let emulator = RealtimeEmulator(configuration)
        try await withService(emulator) { url, loop in
            var settings = RealtimeConversationConfiguration(url: url + "/v1", apiKey: key)
            adjust(&settings)
            let (counters, chosen) = (RealtimeCounters(), settings)
            try await Talk.hold(chosen.call(loop: loop, counters: counters, logger: Talk.logger), loop, counters) {
                try await body($0, emulator)
            }
        }
    }

    @Test("hears, answers with its own voice, calls a tool and goes on; other sentences are another voice's")
    func straightThrough() async throws {
        let configuration = RealtimeEmulatorConfiguration(
            transcripts: ["what is in stock"], chunkDelay: .milliseconds(2)
        ) { exchange in
            exchange.toolResults.isEmpty
                ? .init("One moment.", toolCalls: [.init(name: "stock", arguments: #"{"of":"apples"}"#)])
                : .init("There are \(exchange.toolResults[0]) apples. Do you want some?")
        }
        try await Self.talk(configuration) { talk, emulator in
            let greeting = try await talk.speak("Welcome.")
            #expect(greeting == 800)
            #expect(await talk.voice.pace(of: "Welcome.")?.share(at: 800) == 1)
            await talk.say(1)
            var heard = talk.heard.makeAsyncIterator()
            let taken = await heard.next()
            #expect(taken == .taken(UtteranceID(1)))
            let tool = RealtimeTool(name: "stock", summary: "Says.", parameters: #"{"type":"object","properties":{}}"#)
            let messages: [RealtimeMessage] = [.agent(text: "Welcome.", calls: []), .caller("")]
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
            #expect(await talk.voice.pace(of: "One moment.") == nil, "the model said it")
            let second = try await Talk.all(
                talk.ask(
                    messages.dropLast() + [
                        .caller("what is in stock"), .agent(text: first.text, calls: [call]),
                        .result(call: call.id, content: "seven"),
                    ], tools: [tool]))
            #expect(second.text == "There are seven apples. Do you want some?")
            let parts = [
                try await talk.speak("There are seven apples.", beginsReply: false),
                try await talk.speak("Do you want some?", beginsReply: false),
            ]
            let whole = 40 * 480 + 3200
            #expect(parts[0] + parts[1] == whole)
            // Within the pause between the two sentences.
            let sentence = 23 * 480
            #expect(parts[0] >= sentence && parts[0] <= sentence + 1600, "\(parts)")
            #expect(emulator.errors == [])
            #expect(emulator.items == ["assistant: Welcome.", "result: seven"])
            #expect(
                emulator.orders == [
                    ["assistant", "user"], ["assistant", "user", "assistant", "call", "result"],
                ])
        }
    }

    @Test("an interruption: the emulator is told what was heard, late pieces go nowhere, and the next answer comes")
    func interruption() async throws {
        let configuration = RealtimeEmulatorConfiguration(
            transcripts: ["tell me", "stop"], chunkDelay: .milliseconds(20), faults: [.late(chunks: 5)]
        ) { .init($0.turn == 1 ? "This is a story that goes on for a long time, and then on." : "Good.") }
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
                talk.ask([.caller("tell me"), .agent(text: "This is …", calls: []), .caller("")]))
            #expect(next.text == "Good.")
            #expect(emulator.errors == [])
            #expect(emulator.truncations.map(\.milliseconds) == [201])
            #expect(emulator.truncations.allSatisfy { $0.sent >= $0.milliseconds })
            #expect(emulator.items == [], "what it heard and said itself is not told")
            try await Talk.untilSo { talk.counters.lateDeltas.load(ordering: .relaxed) >= 5 }
        }
    }

    @Test("a key that is refused is told apart, and nothing is tried again")
    func badKey() async throws {
        try await Self.talk(RealtimeEmulatorConfiguration(), key: "wrong") { talk, emulator in
            var heard = talk.heard.makeAsyncIterator()
            guard case .failed(nil, let error)? = await heard.next() else {
                Issue.record("no failure")
                return
            }
            #expect(error.code == .unauthorized && error.detail.contains("401"))
            let answer = await Task { try await Talk.all(talk.ask([.caller("a")])) }.result
            #expect(throws: SpeechError.self) { try answer.get() }
            try await Task.sleep(for: .milliseconds(300))
            #expect(emulator.counts.connections.count == 1 && emulator.counts.refusals.count == 1)
        }
    }

    @Test(
        "a socket that is killed in mid-answer: what came is spoken, and the next connection is told the conversation")
    func killed() async throws {
        let configuration = RealtimeEmulatorConfiguration(
            transcripts: ["hello", "again"], chunkDelay: .milliseconds(5),
            faults: [.close(afterChunks: 4, code: 1011)]
        ) { .init($0.userText == "again" ? "Here I am." : "This is going to take quite some time to say.") }
        try await Self.talk(configuration) { talk, emulator in
            await talk.say(1)
            let answer = await Task { try await Talk.all(talk.ask([.caller("")])) }.result
            #expect { try answer.get() } throws: { ($0 as? SpeechError)?.isRetryable == true }
            // No words of it are whole; nobody asks for them. The agent apologises by another voice.
            let apology = try await talk.speak("Sorry?")
            #expect(apology == 800)
            try await Talk.untilSo { emulator.counts.connections.count == 2 }
            try await Task.sleep(for: .milliseconds(100))
            await talk.say(2)
            let next = try await Talk.all(
                talk.ask([.caller("hello"), .agent(text: "Sorry?", calls: []), .caller("")]))
            #expect(next.text == "Here I am.")
            let spoken = try await talk.speak("Here I am.")
            #expect(spoken == 10 * 480 + 1600)
            #expect(emulator.items == ["user: hello", "assistant: Sorry?"])
            #expect(emulator.errors == [])
            #expect(talk.counters.connectionsLost.load(ordering: .relaxed) == 1)
        }
    }

    @Test("an utterance in mid-connection is heard whole on the next one")
    func heardAgain() async throws {
        let configuration = RealtimeEmulatorConfiguration(
            transcripts: ["hello"], faults: [.refuse(status: 503, code: "busy")])
        try await Self.talk(configuration) { talk, emulator in
            await talk.say(1)
            var heard = talk.heard.makeAsyncIterator()
            let taken = await heard.next()
            #expect(taken == .taken(UtteranceID(1)))
            guard case .final(let transcript)? = await heard.next() else {
                Issue.record("no words")
                return
            }
            #expect(transcript.text == "hello")
            #expect(emulator.counts.commits.count == 1 && emulator.errors == [])
            // A second, and what was kept from before it: nothing, here.
            #expect(emulator.counts.audioBytes.count >= 8000)
        }
    }

    @Test("a response that fails says so, and the next one is asked for on the same connection")
    func failedResponse() async throws {
        try await Self.talk(RealtimeEmulatorConfiguration(faults: [.fail(code: "server_error")])) { talk, emulator in
            await talk.say(1)
            let answer = await Task { try await Talk.all(talk.ask([.caller("")])) }.result
            #expect { try answer.get() } throws: { ($0 as? SpeechError)?.detail.contains("server_error") == true }
            let next = try await Talk.all(
                talk.ask([.caller(""), .agent(text: "Sorry?", calls: []), .caller("once more")]))
            #expect(next.text == "You said: once more. What else can I do?")
            #expect(emulator.counts.connections.count == 1 && emulator.errors == [])
        }
    }

    @Test("what cannot be read is counted, the beta's names are understood")
    func unreadable() async throws {
        for fault in [RealtimeEmulatorConfiguration.Fault.garbage, .beta] {
            try await Self.talk(RealtimeEmulatorConfiguration(faults: [fault]) { _ in .init("Fine.") }) { talk, _ in
                await talk.say(1)
                let text = try await Talk.all(talk.ask([.caller("")])).text
                #expect(text == "Fine.")
                let spoken = try await talk.speak("Fine.")
                #expect(spoken == 5 * 480 + 1600)
                #expect(talk.counters.unreadable.load(ordering: .relaxed) == (fault == .garbage ? 1 : 0))
            }
        }
    }

    @Test("an answer that stalls is given up by whoever waits, and the vendor is told")
    func stalled() async throws {
        let configuration = RealtimeEmulatorConfiguration(faults: [.stall(afterChunks: 2)])
        try await Self.talk(configuration) { talk, emulator in
            await talk.say(1)
            let answer = Task { try await Talk.all(talk.ask([.caller("")])) }
            try await Talk.untilSo { emulator.counts.responses.count == 1 }
            try await Task.sleep(for: .milliseconds(200))
            answer.cancel()
            _ = await answer.result
            try await Talk.untilSo { emulator.counts.cancellations.count == 1 }
            #expect(emulator.errors == [])
        }
    }

    @Test("a session that grows old is renewed between two turns, and goes on with what was said")
    func renewal() async throws {
        let configuration = RealtimeEmulatorConfiguration(transcripts: ["one", "two"]) { .init("\($0.userText).") }
        try await Self.talk(configuration) {
            $0.settings.renewalAge = .milliseconds(100)
        } _: { talk, emulator in
            try await Talk.untilSo { emulator.counts.connections.count >= 2 }
            await talk.say(1)
            let answer = try await Talk.all(
                talk.ask([
                    .agent(text: "Hello.", calls: []), .caller("before"), .agent(text: "Yes.", calls: []), .caller(""),
                ]))
            #expect(answer.text == "one." && emulator.errors == [])
            #expect(emulator.items == ["assistant: Hello.", "user: before", "assistant: Yes."])
            #expect(talk.counters.connectionsLost.load(ordering: .relaxed) == 0)
        }
    }

    @Test("the first piece of a sentence is at the call when its first audio is; how soon is printed")
    func latency() async throws {
        let configuration = RealtimeEmulatorConfiguration(chunkDelay: .milliseconds(2)) { _ in .init("Good.") }
        try await Self.talk(configuration) { talk, _ in
            await talk.say(1)
            var delays: [Duration] = []
            var messages: [RealtimeMessage] = [.caller("a")]
            for _ in 0..<15 {
                var first: ContinuousClock.Instant?
                var spoken: Task<ContinuousClock.Instant?, any Error>?
                for try await event in talk.ask(messages) {
                    if case .text = event, spoken == nil {
                        spoken = Task {
                            let audio = await withCheckedContinuation { done in
                                talk.loop.post {
                                    talk.voice.beginReply()
                                    done.resume(returning: talk.voice.synthesize("Good."))
                                }
                            }
                            var begun: ContinuousClock.Instant?
                            for try await _ in audio where begun == nil { begun = .now }
                            return begun
                        }
                    }
                    if case .progress = event, first == nil { first = .now }
                }
                let begun = try #require(try await spoken?.value)
                delays.append(begun - (try #require(first)))
                messages += [.agent(text: "Good.", calls: []), .caller("and")]
            }
            let median = delays.sorted()[delays.count / 2]
            print("speech to speech: from the first audio to the call, median \(median), most \(delays.max() ?? .zero)")
        }
    }

    @Test("ears and voice that are opened anew hear and answer, and the old ones can close nothing")
    func anew() async throws {
        let configuration = RealtimeEmulatorConfiguration(transcripts: ["hello"]) { _ in .init("Good.") }
        try await Self.talk(configuration) { talk, emulator in
            try await Talk.untilSo { emulator.counts.connections.count == 1 }
            await talk.onLoop { talk.ears.close() }
            let (heard, feed) = AsyncStream.makeStream(of: RecognitionEvent.self)
            let ears = try RealtimeRecognizer(talk.call).makeSession(
                format: .telephone, vocabulary: SpeechVocabulary(contexts: [])
            ) { feed.yield($0) }
            let voice = try await RealtimeSynthesizer(talk.call, over: Talk.Silence()).makeSession(
                voice: "", format: .telephone)
            await talk.onLoop { talk.voice.close() }
            let again = Talk(
                call: talk.call, ears: ears, voice: voice, heard: heard, loop: talk.loop, counters: talk.counters)
            await again.say(1)
            #expect(try await Talk.all(again.ask([.caller("")])).text == "Good.")
            let spoken = try await again.speak("Good.")
            #expect(spoken == 5 * 480 + 1600)
            var events = heard.makeAsyncIterator()
            let taken = await events.next()
            #expect(taken == .taken(UtteranceID(1)))
            #expect(emulator.counts.connections.count == 2 && emulator.errors == [])
            voice.close()
        }
    }

    @Test("what waits for a connection is not lost when the caller goes on")
    func heardOn() async throws {
        let configuration = RealtimeEmulatorConfiguration(
            transcripts: ["hello"],
            faults: [.refuse(status: 503, code: "busy"), .refuse(status: 503, code: "busy")])
        try await Self.talk(configuration) { talk, emulator in
            await talk.onLoop {
                for number: UInt32 in 1...2 {
                    talk.ears.beginUtterance(UtteranceID(number), context: "")
                    for _ in 0..<50 {
                        talk.ears.inlet.write([UInt8](repeating: 0x20, count: 160).span)
                        talk.ears.audioArrived()
                    }
                    talk.ears.finishUtterance(UtteranceID(number))
                }
            }
            var heard = talk.heard.makeAsyncIterator()
            let taken = await heard.next()
            #expect(taken == .taken(UtteranceID(2)))
            try await Talk.untilSo { emulator.counts.commits.count == 1 }
            #expect(emulator.errors == [])
            // Both seconds.
            #expect(emulator.counts.audioBytes.count >= 16_000)
        }
    }
}
