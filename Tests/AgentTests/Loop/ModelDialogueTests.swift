import Agent
import Networking
import Testing

@Suite("A conversation led by a model")
struct ModelDialogueTests {
    let calendar = FakeCalendar()

    private func call(_ model: FakeLanguageModel, clock: ManualClock = ManualClock()) async throws -> Conversation {
        let conversation = Conversation(
            try Fixtures.agent("assistant"), tools: calendar.tools, clock: clock, models: ["openai": model])
        #expect(try await conversation.start().text == "Lakeside Clinic, good day. How can I help you?")
        return conversation
    }

    @Test("speaks in clauses, calls tools, and books after the caller's answer")
    func booking() async throws {
        let book = #"{"name":"Maria Jones","date":"2026-12-01","time":"10:30"}"#
        let model = FakeLanguageModel([
            [
                .text("One mom"), .text("ent. "),
                .call(id: "a", name: "calendar_find_slots", arguments: #"{"date":"2026-12-01"}"#),
            ],
            [.call(id: "b", name: "calendar_book", arguments: book)],
            [.text("Tuesday at half past ten for Maria Jones, shall I book it?")],
            [.call(id: "c", name: "calendar_book", arguments: book)],
            [.text("It is booked.")],
        ])
        let caller = try await call(model)
        let first = try await caller.say("tuesday half past ten for maria jones")
        #expect(first.outputs.contains(.say("One moment.")))
        #expect(first.tools == ["calendar_find_slots"])
        #expect(first.text.hasSuffix("shall I book it?"))
        #expect(await calendar.appointments.isEmpty)
        let second = try await caller.say("yes")
        #expect(second.tools == ["calendar_book"])
        #expect(second.text == "It is booked.")
        #expect(await calendar.keys["calendar_book"] == ["c1/2/calendar_book"])
        // Every request begins as the one before: that is what prompt caches need.
        let requests = model.requests
        for (earlier, later) in zip(requests, requests.dropFirst()) {
            #expect(earlier.messages[...] == later.messages.prefix(earlier.messages.count))
            #expect(earlier.instructions == later.instructions && earlier.tools == later.tools)
        }
        #expect(
            requests[0].messages.first
                == .facts("Today is Monday the twenty third of November, 2026-11-23. The caller's number is withheld."))
        #expect(requests[0].tools.map(\.name).prefix(2) == ["end_call", "transfer_to_person"])
    }

    @Test("what a caller has done who is back is done on the new call, and belongs to its trace")
    func back() async throws {
        let told = Lock<[CallFacts]>([])
        let slots = FakeTool(
            definition: ToolDefinition(
                name: "calendar_find_slots", summary: "Finds.", parameters: ["type": "object"], risk: .read)
        ) { _, context throws(ToolError) in
            told.withLock { $0.append(context.call) }
            return [:]
        }
        let model = FakeLanguageModel([
            [.call(id: "a", name: "calendar_find_slots", arguments: #"{"date":"2026-12-01"}"#)],
            [.text("Certainly.")],
            [.call(id: "b", name: "calendar_find_slots", arguments: #"{"date":"2026-12-02"}"#)],
            [.text("Certainly.")],
        ])
        let caller = Conversation(try Fixtures.agent("assistant"), tools: [slots], models: ["openai": model])
        _ = try await caller.start()
        try await caller.say("is tuesday free")
        await caller.dialogue.continueCall(as: "c2", traceparent: "00-of-the-second")
        try await caller.say("is wednesday free")
        let calls = told.withLock { $0 }
        #expect(calls.map(\.callID) == ["c1", "c2"])
        #expect(calls.map(\.traceparent) == [nil, "00-of-the-second"])
    }

    @Test("a whisper is told to the model with the caller's next words, once, and is not said")
    func whispers() async throws {
        let model = FakeLanguageModel([[.text("Certainly.")], [.text("Yes.")]])
        let caller = try await call(model)
        #expect(await caller.dialogue.takesWhispers)
        for count in 0..<25 { await caller.dialogue.whisper("Note \(count).") }
        #expect(try await caller.say("hello").text == "Certainly.")
        let facts = model.requests[0].messages.compactMap { if case .facts(let text) = $0 { text } else { nil } }
        // The oldest have made room.
        #expect(facts.dropFirst().count == 20)
        #expect(facts.last?.contains("whom the caller does not hear: Note 24.") == true)
        #expect(model.requests[0].messages.last == .user("hello"))
        _ = try await caller.say("and now")
        let later = model.requests[1].messages.filter { if case .facts = $0 { true } else { false } }
        #expect(later.count == facts.count)
    }

    @Test(
        "tells the model what was wrong with a call",
        arguments: [
            ("nonsense", "{}", "there is no such tool"),
            ("calendar_find", #"{"nom":"x"}"#, "$.name: is required but missing"),
            ("calendar_find", #"{"name":"#, "the arguments are no JSON"),
            ("calendar_find", #"{"name":"Nobody"}"#, "no such name"),
        ])
    func wrongCalls(name: String, arguments: String, reason: String) async throws {
        let model = FakeLanguageModel([[.call(id: "a", name: name, arguments: arguments)], [.text("I see.")]])
        let reply = try await call(model).say("hello")
        #expect(reply.text == "I see.")
        guard case .tool("a", let content)? = model.requests.last?.messages.last else {
            Issue.record("no result for the model")
            return
        }
        #expect(content.contains(reason))
    }

    @Test("ends circles: refuses the third same call, and forbids tools in the last step")
    func circles() async throws {
        let same = FakeLanguageModel.Line.call(
            id: "a", name: "calendar_find_slots", arguments: #"{"date":"2026-12-01"}"#)
        let model = FakeLanguageModel([[same], [same], [same], [same], [same], [.text("Never mind.")]])
        let reply = try await call(model).say("hello")
        #expect(reply.tools.count == 2)
        #expect(reply.text == "Never mind.")
        #expect(model.requests.map(\.forbidsTools) == [false, false, false, false, false, true])
    }

    @Test("runs several reads of one answer and returns each result once")
    func parallelReads() async throws {
        let model = FakeLanguageModel([
            [
                .call(id: "a", name: "calendar_find_slots", arguments: #"{"date":"2026-12-01"}"#),
                .call(id: "b", name: "calendar_find_slots", arguments: #"{"date":"2026-12-02"}"#),
            ], [.text("Both are free.")],
        ])
        let reply = try await call(model).say("hello")
        #expect(reply.tools.count == 2)
        let results = model.requests.last?.messages.filter { if case .tool = $0 { true } else { false } }
        #expect(results?.count == 2)
        #expect(
            await Set(calendar.keys["calendar_find_slots"] ?? []) == [
                "c1/1/calendar_find_slots", "c1/1/calendar_find_slots#2",
            ])
    }

    @Test("knows an act by its arguments where the work may be begun anew: another order is the same acts")
    func actsInAnyOrder() async throws {
        let days = ["2026-12-01", "2026-12-02"]
        var orders: [[String]] = []
        for order in [days, days.reversed()] {
            let acts = order.map { day in
                FakeLanguageModel.Line.call(id: day, name: "calendar_find_slots", arguments: #"{"date":"\#(day)"}"#)
            }
            let calendar = FakeCalendar()
            let conversation = Conversation(
                try Fixtures.agent("assistant"), tools: calendar.tools,
                models: ["openai": FakeLanguageModel([acts, [.text("Both are free.")]])], mayBeginAnew: true)
            _ = try await conversation.start()
            _ = try await conversation.say("hello")
            orders.append(await calendar.keys["calendar_find_slots"] ?? [])
        }
        #expect(Set(orders[0]).count == 2)
        #expect(Set(orders[0]) == Set(orders[1]))
    }

    @Test(
        "apologises once, then gets a person", arguments: [ModelError.Code.unavailable, .connectionLost, .rateLimited])
    func failure(code: ModelError.Code) async throws {
        let model = FakeLanguageModel([[.text("Let me see, I "), .fail(code)], [.fail(code)]])
        let caller = try await call(model)
        let first = try await caller.say("hello")
        #expect(first.text.hasSuffix("Could you say that again?"))
        #expect(first.transfer == nil)
        #expect(try await caller.say("hello").transfer == "reception")
    }

    @Test(
        "gets a person at once when the fault will not go away",
        arguments: [ModelError.Code.unauthorized, .quotaExceeded, .invalidRequest])
    func lasting(code: ModelError.Code) async throws {
        #expect(try await call(FakeLanguageModel([[.fail(code)]])).say("hello").transfer == "reception")
    }

    private func maxTokens() throws -> Int {
        guard case .model(let settings) = try Fixtures.agent("assistant").engine else { throw CancellationError() }
        return settings.maxTokens
    }

    @Test(
        "is not listened to for longer than it may speak: a hundred thousand tokens are a few sentences, and the call goes on"
    )
    func endless() async throws {
        let sentence = "This is one more sentence of eight words. "
        let endless = Array(repeating: FakeLanguageModel.Line.text(sentence), count: 12_500)
        let caller = try await call(FakeLanguageModel([endless, [.text("Yes.")]]))
        let reply = try await caller.say("hello")
        let tokens = try maxTokens()
        #expect(
            reply.text.utf8.count > 5 * sentence.utf8.count
                && reply.text.utf8.count <= tokens * 8 + 2 * sentence.utf8.count)
        #expect(reply.text.hasSuffix("eight words."))
        #expect(try await caller.say("are you there").text == "Yes.")
    }

    @Test("is an apology where it has no word at all")
    func endlessNoise() async throws {
        let noise = Array(repeating: FakeLanguageModel.Line.text("xxxxxxxx"), count: 50_000)
        let reply = try await call(FakeLanguageModel([noise])).say("hello")
        #expect(reply.text.utf8.count < 50_000 && !reply.text.isEmpty)
    }

    @Test("is stopped where its sentences never end")
    func endlessSentence() async throws {
        let words = Array(repeating: FakeLanguageModel.Line.text("and "), count: 100_000)
        let caller = try await call(FakeLanguageModel([words, [.text("Yes.")]]))
        let reply = try await caller.say("hello")
        let tokens = try maxTokens()
        #expect(!reply.text.isEmpty && reply.text.utf8.count <= tokens * 8 + 8)
        #expect(try await caller.say("are you there").text == "Yes.")
    }

    @Test(
        "has a deadline on the model's progress", .timeLimit(.minutes(1)),
        arguments: [[FakeLanguageModel.Line.hang], [.text("Well, let me think. "), .hang]])
    func stall(script: [FakeLanguageModel.Line]) async throws {
        let clock = ManualClock()
        let caller = try await call(FakeLanguageModel([script]), clock: clock)
        async let reply = caller.say("hello")
        for _ in 0..<2 {
            await clock.sleepers(1)
            clock.advance(by: .seconds(4))
            if script.count == 1 { break }
        }
        #expect(try await reply.text.hasSuffix("Could you say that again?"))
    }

    @Test("remembers of an interrupted reply what was heard")
    func interrupted() async throws {
        let model = FakeLanguageModel([[.text("We are open from eight until six. Anything else?")], [.text("Yes.")]])
        let caller = try await call(model)
        try await caller.say("when are you open")
        await caller.dialogue.cutLastReply(toHeard: "We are open from")
        try await caller.say("sorry what")
        #expect(model.requests.last?.messages.contains(.assistant(text: "We are open from …", calls: [])) == true)
    }

    @Test("ends and hands over when the model says so")
    func terminal() async throws {
        let ending = FakeLanguageModel([
            [.text("Goodbye."), .call(id: "a", name: "end_call", arguments: "{}")], [.text("never")],
        ])
        let ended = try await call(ending).say("bye")
        #expect(ended.hangsUp && ended.text == "Goodbye." && ending.requests.count == 1)
        let transfer = FakeLanguageModel([
            [.call(id: "a", name: "transfer_to_person", arguments: #"{"reason":"wants a person"}"#)]
        ])
        #expect(
            try await call(transfer).say("a person please").outputs.contains(
                .transfer(destination: "reception", reason: "wants a person")))
    }

    @Test("asks again, then gets a person, when nothing is understood; and a provider that is missing is no silence")
    func notUnderstood() async throws {
        let caller = try await call(FakeLanguageModel([]))
        for _ in 0..<2 {
            #expect(try await caller.send(.callerNotUnderstood).text.hasPrefix("Sorry, I did not catch that."))
        }
        #expect(try await caller.send(.callerNotUnderstood).transfer == "reception")
        let alone = Conversation(try Fixtures.agent("assistant"), tools: calendar.tools)
        _ = try await alone.start()
        #expect(try await alone.say("hello").transfer == "reception")
    }

    @Test("is answered by the next provider when the first one fails, without an apology")
    func fallback() async throws {
        var agent = try Fixtures.agent("assistant")
        guard case .model(var settings) = agent.engine else {
            Issue.record("the assistant has no model")
            return
        }
        settings.fallback = ["second"]
        agent.engine = .model(settings)
        let first = FakeLanguageModel([[.fail(.unavailable)]])
        let second = FakeLanguageModel([[.text("We are open.")], [.text("Until six.")]])
        let caller = Conversation(agent, tools: [], models: ["openai": first, "second": second])
        #expect(try await caller.say("are you open").text == "We are open.")
        // The first one rests, and what was said is known to whoever answers.
        #expect(try await caller.say("how long").text == "Until six.")
        #expect(first.requests.count == 1)
        #expect(second.requests.last?.messages.contains(.assistant(text: "We are open.", calls: [])) == true)
    }
}
