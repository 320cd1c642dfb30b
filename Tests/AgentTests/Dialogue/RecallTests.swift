import Agent
import Testing

@Suite("A dialogue that goes on with a conversation of another process")
struct RecallTests {
    private let calendar = FakeCalendar()

    /// What one process would leave of these exchanges.
    private static func remember(_ exchanges: [(DialogueInput, Reply)]) -> [RememberedEvent] {
        exchanges.flatMap { input, reply in
            [.input(input)]
                + reply.outputs.compactMap { output -> RememberedEvent? in
                    switch output {
                    case .say(let text): .said(text)
                    case .toolFinished(let invocation, let outcome): .tool(invocation, outcome)
                    case .tookOver(let agent): .tookOver(agent: agent)
                    default: nil
                    }
                }
        }
    }

    /// Holds a conversation up to the last of `lines`, and tells what is left of it.
    private func talk(
        _ conversation: Conversation, _ lines: [String]
    ) async throws -> (history: [RememberedEvent], last: Reply) {
        let facts = CallFacts(callID: "c1")
        var last = try await conversation.start()
        var exchanges: [(DialogueInput, Reply)] = [(.callStarted(facts), last)]
        for (index, line) in lines.enumerated() {
            last = try await conversation.say(line)
            let turn = CallerTurn(number: index + 1, text: line, confidence: 0.95)
            exchanges.append((.callerSaid(turn), last))
        }
        return (Self.remember(exchanges), last)
    }

    /// The process that goes on: the same agent, told of what was.
    private func goOn(
        with history: [RememberedEvent], _ conversation: Conversation
    ) async throws -> Reply {
        await conversation.dialogue.recall(history)
        await conversation.dialogue.continueCall(as: "c2", traceparent: nil)
        return try await conversation.start()
    }

    private func receptionist() throws -> Conversation {
        Conversation(try Fixtures.agent("receptionist"), tools: calendar.tools)
    }

    private static let sorry = "Sorry, we were cut off for a moment."

    @Test("a flow apologises, asks again what it had asked, and knows what it had been told")
    func flow() async throws {
        let (history, last) = try await talk(
            receptionist(), ["i'd like to book an appointment", "next tuesday please", "half past ten"])
        let next = try receptionist()
        let back = try await goOn(with: history, next)
        #expect(back.text == "\(Self.sorry) \(last.text)")
        #expect(back.expectation == last.expectation)
        // Nothing was asked of the calendar again.
        #expect(back.tools.isEmpty)
        let readBack = try await next.say("my name is maria jones")
        #expect(readBack.text.contains("Tuesday the first of December at half past ten, for Maria Jones."))
        try await next.say("yes please")
        #expect(
            await calendar.appointments == [.init(id: "a1", name: "Maria Jones", date: "2026-12-01", time: "10:30")])
        // What is done on the second call is done on that one.
        #expect(await calendar.keys["calendar_book"] == ["c2/2/calendar_book"])
    }

    @Test(
        "an act whose answer was lost is asked about again, and is the same act, also where the note of it was lost, too",
        arguments: [true, false])
    func lostAct(isNoted: Bool) async throws {
        let conversation = try receptionist()
        let (history, _) = try await talk(
            conversation,
            ["i'd like to book an appointment", "next tuesday please", "half past ten", "my name is maria jones"])
        let booked = try await conversation.say("yes please")
        let call = try #require(booked.calls.first)
        let yes = DialogueInput.callerSaid(CallerTurn(number: 5, text: "yes please", confidence: 0.95))
        let next = try receptionist()
        let note: [RememberedEvent] = isNoted ? [.tool(call, nil)] : []
        let back = try await goOn(with: history + [.input(yes)] + note, next)
        // It was agreed to once: the question is put anew, as the flow has it for the second time.
        #expect(
            back.text
                == "\(Self.sorry) I have Tuesday the first of December at half past ten for Maria Jones. Is that right?"
        )
        #expect(back.expectation == Expectation(kind: .yesNo, context: "confirm") && back.tools.isEmpty)
        try await next.say("yes please")
        #expect(await calendar.keys["calendar_book"] == ["c1/5/calendar_book", "c1/5/calendar_book"])
    }

    @Test("an act whose answer was lost on the call before the last one is the same act still")
    func actOfTheFirstCall() async throws {
        let conversation = try receptionist()
        let (history, _) = try await talk(
            conversation,
            ["i'd like to book an appointment", "next tuesday please", "half past ten", "my name is maria jones"])
        let booked = try await conversation.say("yes please")
        let call = try #require(booked.calls.first)
        let yes = DialogueInput.callerSaid(CallerTurn(number: 5, text: "yes please", confidence: 0.95))
        let lost = history + [.input(yes), .tool(call, nil)]
        let second = try await goOn(with: lost, receptionist())
        // The third process knows the call before as its own, until it hears of the one that it is on.
        let next = Conversation(
            try Fixtures.agent("receptionist"), tools: calendar.tools, call: CallFacts(callID: "c2"))
        let facts = CallFacts(callID: "c2")
        let back = try await goOn(with: lost + Self.remember([(.callStarted(facts), second)]), next)
        #expect(back.text.hasPrefix(Self.sorry) && back.expectation == Expectation(kind: .yesNo, context: "confirm"))
        try await next.say("yes please")
        #expect(await calendar.keys["calendar_book"] == ["c1/5/calendar_book", "c1/5/calendar_book"])
    }

    @Test("an act after which the call was being ended is the same act for whoever is back")
    func lastAct() async throws {
        let conversation = try receptionist()
        let (history, _) = try await talk(
            conversation,
            ["i'd like to book an appointment", "next tuesday please", "half past ten", "my name is maria jones"])
        await calendar.fail("calendar_book", with: .deadlineExceeded)
        let last = try await conversation.say("yes please")
        #expect(last.transfer == "reception")
        await calendar.fail("calendar_book", with: nil)
        let yes = DialogueInput.callerSaid(CallerTurn(number: 5, text: "yes please", confidence: 0.95))
        let next = try receptionist()
        let back = try await goOn(with: history + Self.remember([(yes, last)]), next)
        #expect(back.text.hasPrefix(Self.sorry) && back.expectation == Expectation(kind: .yesNo, context: "confirm"))
        #expect(try await next.say("yes please").tools == ["calendar_book"])
        #expect(await calendar.keys["calendar_book"] == ["c1/5/calendar_book", "c1/5/calendar_book"])
    }

    @Test("a call that was being ended is not over for whoever is back")
    func ending() async throws {
        let (history, last) = try await talk(receptionist(), ["what are your opening hours", "thank you goodbye"])
        #expect(last.hangsUp)
        let back = try await goOn(with: history, receptionist())
        #expect(back.text.hasPrefix(Self.sorry) && !back.hangsUp)
        #expect(back.expectation == Expectation(kind: .open, context: "menu"))
    }

    @Test("who is cut off a second time is asked the same again, and nothing is forgotten")
    func twice() async throws {
        let (history, last) = try await talk(
            receptionist(), ["i'd like to book an appointment", "next tuesday please"])
        let facts = CallFacts(callID: "c2")
        let second = try await goOn(with: history, receptionist())
        let next = try receptionist()
        let back = try await goOn(with: history + Self.remember([(.callStarted(facts), second)]), next)
        #expect(back.text == "\(Self.sorry) \(last.text)" && back.expectation == last.expectation)
        #expect(try await next.say("half past ten").expectation == Expectation(kind: .name, context: "name"))
    }

    @Test("of a call that had not begun the caller is greeted")
    func nothing() async throws {
        let back = try await goOn(with: [], receptionist())
        #expect(back.text.hasPrefix("\(Self.sorry) Lakeside Clinic, good day."))
        #expect(back.expectation == Expectation(kind: .open, context: "menu"))
    }

    @Test("an agent's file may say it in its own words, a Spanish one says it in Spanish")
    func words() throws {
        var agent = try Fixtures.agent("receptionist")
        #expect(agent.standingSentences.contains(Self.sorry))
        agent.spokenLanguage = .spanish
        #expect(agent.cutOffSentence == "Perdone, se ha cortado por un momento.")
        agent.cutOff = "There you are again."
        #expect(agent.cutOffSentence == "There you are again.")
    }

    @Test("a model is shown what was said, called and answered, as far as it was heard")
    func model() async throws {
        let arguments = #"{"date":"2026-12-01"}"#
        let first = FakeLanguageModel([
            [.call(id: "a", name: "calendar_find_slots", arguments: arguments)],
            [.text("Tuesday has half past ten. Shall I take it?")],
        ])
        let agent = try Fixtures.agent("assistant")
        let (history, last) = try await talk(
            Conversation(agent, tools: calendar.tools, models: ["openai": first]), ["tuesday for maria jones"])
        #expect(last.tools == ["calendar_find_slots"])
        let second = FakeLanguageModel([[.text("Good, Maria.")]])
        let next = Conversation(agent, tools: calendar.tools, models: ["openai": second])
        let back = try await goOn(with: history + [.heard("Tuesday has half past ten.")], next)
        #expect(back.text == "\(Self.sorry) Tuesday has half past ten. Shall I take it?")
        #expect(back.tools.isEmpty && second.requests.isEmpty)
        try await next.say("yes")
        let shown = try #require(second.requests.first).messages
        #expect(shown.contains(.user("tuesday for maria jones")))
        #expect(shown.contains { if case .tool(_, let text) = $0 { text.contains("10:30") } else { false } })
        #expect(shown.last == .user("yes"))
        #expect(
            shown.contains {
                if case .assistant(let text, _) = $0 { text == "Tuesday has half past ten. …" } else { false }
            })
        #expect(shown.contains { if case .facts(let text) = $0 { text.contains("The line broke") } else { false } })
    }

    @Test("an act of a model whose answer was lost is the same act, also once it was refused for want of a yes")
    func lostActOfModel() async throws {
        let arguments = #"{"date":"2026-12-01","name":"Maria Jones","time":"10:30"}"#
        let act = ToolInvocation(id: "t1", name: "calendar_book", arguments: try JSONValue(parsing: arguments))
        let history: [RememberedEvent] = [
            .input(.callStarted(CallFacts(callID: "c1"))), .said("Lakeside Clinic, good day. How can I help you?"),
            .input(.callerSaid(CallerTurn(number: 1, text: "tuesday half past ten for maria jones", confidence: 0.9))),
            .said("Tuesday at half past ten for Maria Jones, shall I book it?"),
            .input(.callerSaid(CallerTurn(number: 2, text: "yes", confidence: 0.9))), .tool(act, nil),
        ]
        let model = FakeLanguageModel([
            [.call(id: "a", name: "calendar_book", arguments: arguments)],
            [.text("Tuesday at half past ten for Maria Jones, shall I book it?")],
            [.call(id: "b", name: "calendar_book", arguments: arguments)],
            [.text("It is booked.")],
        ])
        let next = Conversation(
            try Fixtures.agent("assistant"), tools: calendar.tools, models: ["openai": model])
        let back = try await goOn(with: history, next)
        #expect(back.tools.isEmpty && back.text.hasSuffix("shall I book it?"))
        #expect(try await next.say("yes").tools == ["calendar_book"])
        #expect(await calendar.keys["calendar_book"] == ["c1/2/calendar_book"])
    }

    @Test("an act whose answer was lost is the same act, also where its arguments were masked in what is left of it")
    func maskedAct() async throws {
        func message(_ text: String) -> FakeLanguageModel.Line {
            .call(
                id: text, name: "message_take",
                arguments: #"{"name":"Maria Jones","phone":"5550123","text":"\#(text)"}"#)
        }
        let model = FakeLanguageModel([
            [message("Bring the bill.")], [.text("Anything else?")], [message("Call back.")], [.text("Good.")],
        ])
        let next = Conversation(try Fixtures.agent("assistant"), tools: calendar.tools, models: ["openai": model])
        let kept = ToolInvocation(
            id: "t1", name: "message_take",
            arguments: ["name": "Maria Jones", "phone": "•••••••", "text": "Call back."])
        let history: [RememberedEvent] = [
            .input(.callStarted(CallFacts(callID: "c1"))),
            .input(.callerSaid(CallerTurn(number: 1, text: "have maria jones called back", confidence: 0.9))),
            .tool(kept, nil),
        ]
        #expect(try await goOn(with: history, next).tools == ["message_take"])
        try await next.say("and call me back")
        #expect(await calendar.keys["message_take"] == ["c2/0/message_take", "c1/1/message_take"])
    }

    @Test("an act that was done says nothing of another one that is open, though its masked arguments fit it")
    func maskedActs() async throws {
        let model = FakeLanguageModel([
            [
                .call(
                    id: "m1", name: "message_take",
                    arguments: #"{"name":"Maria Jones","phone":"5550123","text":"Bring."}"#)
            ], [.text("Good.")],
        ])
        let next = Conversation(try Fixtures.agent("assistant"), tools: calendar.tools, models: ["openai": model])
        func kept(_ id: String, _ text: String) -> ToolInvocation {
            ToolInvocation(
                id: id, name: "message_take",
                arguments: ["name": "Maria Jones", "phone": "•••••••", "text": .string(text)])
        }
        let history: [RememberedEvent] = [
            .input(.callStarted(CallFacts(callID: "c1"))),
            .input(.callerSaid(CallerTurn(number: 1, text: "take two messages", confidence: 0.9))),
            .tool(kept("t1", "•"), nil),
            .tool(kept("t2", "• •"), .result(["taken": true])),
        ]
        #expect(try await goOn(with: history, next).tools == ["message_take"])
        #expect(await calendar.keys["message_take"] == ["c1/1/message_take"])
    }

    @Test("the second act of a turn keeps the key of a second one, also where the first one was done")
    func secondAct() async throws {
        func arguments(_ text: String) -> JSONValue {
            ["name": "Maria Jones", "phone": "5550123", "text": .string(text)]
        }
        let model = FakeLanguageModel([
            [.call(id: "m1", name: "message_take", arguments: arguments("Call back.").text)], [.text("Good.")],
        ])
        let next = Conversation(try Fixtures.agent("assistant"), tools: calendar.tools, models: ["openai": model])
        let first = ToolInvocation(id: "t1", name: "message_take", arguments: arguments("Bring the bill."))
        let second = ToolInvocation(id: "t2", name: "message_take", arguments: arguments("Call back."))
        let history: [RememberedEvent] = [
            .input(.callStarted(CallFacts(callID: "c1"))),
            .input(.callerSaid(CallerTurn(number: 1, text: "take two messages", confidence: 0.9))),
            .tool(first, .result(["taken": true])), .tool(second, nil),
        ]
        #expect(try await goOn(with: history, next).tools == ["message_take"])
        #expect(await calendar.keys["message_take"] == ["c1/1/message_take#2"])
    }

    @Test("what a model does when the caller is back is another act than what it does in the turns that follow")
    func actsOfTheNewCall() async throws {
        func message(_ text: String) -> FakeLanguageModel.Line {
            .call(
                id: text, name: "message_take",
                arguments: #"{"name":"Maria Jones","phone":"5550123","text":"\#(text)"}"#)
        }
        let model = FakeLanguageModel([
            [message("Call back.")], [.text("Anything else?")], [message("Bring the bill.")], [.text("Good.")],
        ])
        let next = Conversation(try Fixtures.agent("assistant"), tools: calendar.tools, models: ["openai": model])
        let history: [RememberedEvent] = [
            .input(.callStarted(CallFacts(callID: "c1"))),
            .input(.callerSaid(CallerTurn(number: 1, text: "have maria jones called back", confidence: 0.9))),
        ]
        #expect(try await goOn(with: history, next).tools == ["message_take"])
        try await next.say("and the bill")
        #expect(await calendar.keys["message_take"] == ["c2/0/message_take", "c2/1/message_take"])
    }

    @Test("a model answers what was still to be answered")
    func unanswered() async throws {
        let (history, _) = try await talk(
            Conversation(
                try Fixtures.agent("assistant"), tools: calendar.tools, models: ["openai": FakeLanguageModel([])]), [])
        let question = DialogueInput.callerSaid(CallerTurn(number: 1, text: "are you open today", confidence: 0.9))
        let model = FakeLanguageModel([[.text("We are open until six.")]])
        let next = Conversation(
            try Fixtures.agent("assistant"), tools: calendar.tools, models: ["openai": model])
        let back = try await goOn(with: history + [.input(question)], next)
        #expect(back.text == "\(Self.sorry) We are open until six.")
        let request = try #require(model.requests.first)
        #expect(request.messages.contains(.user("are you open today")))
    }
}
