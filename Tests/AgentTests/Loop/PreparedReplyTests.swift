import Agent
import Testing

@Suite("A model that is asked at a pause already")
struct PreparedReplyTests {
    let calendar = FakeCalendar()
    let clock = ManualClock()
    let counters = AgentCounters()

    private func call(_ model: FakeLanguageModel, prepares: Bool = true) async throws -> Conversation {
        var agent = try Fixtures.agent("assistant")
        guard case .model(var settings) = agent.engine else { throw Unexpected() }
        settings.preparesReplies = prepares
        agent.engine = .model(settings)
        let conversation = Conversation(
            agent, tools: calendar.tools, clock: clock, models: ["openai": model], counters: counters)
        _ = try await conversation.start()
        return conversation
    }

    private struct Unexpected: Error {}

    private func prepare(_ dialogue: any Dialogue, _ text: String, turn: Int = 1) async -> String? {
        await dialogue.prepare(for: CallerTurn(number: turn, text: text, confidence: 1))
    }

    @Test("begins its answer, and gives it when the turn ends with these words")
    func used() async throws {
        let model = FakeLanguageModel([[.text("Until six. "), .text("Anything else?")]])
        let caller = try await call(model)
        #expect(await prepare(caller.dialogue, "how long are you open") == "Until six.")
        #expect(model.requests.count == 1)
        #expect(try await caller.say("How long are you open?").text == "Until six. Anything else?")
        #expect(model.requests.count == 1)
        #expect(counters.repliesPrepared == 1 && counters.repliesDiscarded == 0)
        // What the model knows later is what the recognizer said last.
        _ = try await caller.say("thanks")
        #expect(model.requests.last?.messages.contains(.user("How long are you open?")) == true)
    }

    @Test("other words are another question")
    func otherWords() async throws {
        let model = FakeLanguageModel([[.text("On which day?")], [.text("Until six.")]])
        let caller = try await call(model)
        #expect(await prepare(caller.dialogue, "how long are you") == "On which day?")
        #expect(try await caller.say("how long are you open").text == "Until six.")
        #expect(model.requests.count == 2)
        #expect(counters.repliesPrepared == 0 && counters.repliesDiscarded == 1)
        // "On which day?" has thirteen bytes; what the model was given is told by its request.
        #expect(counters.discardedTokens.generated == 3)
        #expect(counters.discardedTokens.given == ContextBudget.estimate(model.requests[0]))
        #expect(model.requests[1].messages.contains(.assistant(text: "On which day?", calls: [])) == false)
    }

    @Test("nothing acts before the turn is over, and then once")
    func tools() async throws {
        let book = #"{"name":"Maria Jones","date":"2026-12-01","time":"10:30"}"#
        let model = FakeLanguageModel([
            [.text("Tuesday at half past ten for Maria Jones, shall I book it?")],
            [.call(id: "a", name: "calendar_book", arguments: book)],
            [.text("It is booked.")],
        ])
        let caller = try await call(model)
        _ = try await caller.say("tuesday half past ten for maria jones")
        #expect(await prepare(caller.dialogue, "yes", turn: 2) == nil)
        #expect(await calendar.appointments.isEmpty)
        let reply = try await caller.say("yes")
        #expect(reply.tools == ["calendar_book"])
        #expect(reply.text == "It is booked.")
        #expect(await calendar.appointments.count == 1)
        #expect(await calendar.keys["calendar_book"] == ["c1/2/calendar_book"])
        #expect(model.requests.count == 3)
    }

    @Test("a promise that no tool kept is not prepared, and not spoken")
    func promise() async throws {
        let model = FakeLanguageModel([[.text("I have booked it for you.")], [.text("For which day?")]])
        let caller = try await call(model)
        #expect(await prepare(caller.dialogue, "book it") == nil)
        #expect(try await caller.say("book it").text == "For which day?")
        #expect(counters.promisesHeldBack == 1)
    }

    @Test("what the caller did not hear of the last reply makes it another conversation")
    func cut() async throws {
        let model = FakeLanguageModel([[.text("One. Two. Three.")], [.text("Four.")], [.text("You heard one.")]])
        let caller = try await call(model)
        _ = try await caller.say("count")
        #expect(await prepare(caller.dialogue, "go on", turn: 2) == "Four.")
        await caller.dialogue.cutLastReply(toHeard: "One.")
        #expect(try await caller.say("go on").text == "You heard one.")
        #expect(counters.repliesDiscarded == 1)
    }

    @Test("a caller who goes on ends it; four beginnings are enough for a turn")
    func goesOn() async throws {
        let model = FakeLanguageModel([[.hang], [.text("A.")], [.text("B.")], [.text("C.")], [.text("D.")]])
        let caller = try await call(model)
        let dialogue = caller.dialogue
        async let first = prepare(dialogue, "well")
        while model.requests.isEmpty { await Task.yield() }
        await dialogue.forgetPrepared()
        #expect(await first == nil)
        for (text, answer) in [
            ("well i", "A."), ("well i am", "B."), ("well i am not", "C."), ("well i am not so", nil),
        ] {
            #expect(await prepare(caller.dialogue, text) == answer)
        }
        #expect(model.requests.count == 4)
        #expect(try await caller.say("well i am not so sure").text == "D.")
        #expect(counters.repliesDiscarded == 4)
    }

    @Test("what failed while nobody waited is asked again")
    func failure() async throws {
        let model = FakeLanguageModel([[.fail(.unavailable)], [.text("Until six.")]])
        let caller = try await call(model)
        #expect(await prepare(caller.dialogue, "how long are you open") == nil)
        #expect(try await caller.say("how long are you open").text == "Until six.")
    }

    @Test(
        "nothing is asked where it is switched off, or the words are uncertain",
        arguments: [(false, 1.0), (true, 0.01)])
    func off(prepares: Bool, confidence: Double) async throws {
        let model = FakeLanguageModel([])
        let caller = try await call(model, prepares: prepares)
        let turn = CallerTurn(number: 1, text: "hello", confidence: confidence)
        #expect(await caller.dialogue.prepare(for: turn) == nil)
        #expect(model.requests.isEmpty)
    }
}
