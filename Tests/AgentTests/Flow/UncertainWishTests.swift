import Agent
import Testing

/// Words that are half heard may be somebody else's: the agent asks before it begins a task on them.
@Suite("An uncertain wish")
struct UncertainWishTests {
    let calendar = FakeCalendar()
    /// Heard well enough to guess at, not to act upon: between the receptionist's `reask_below` and `agree_below`.
    private let doubtful = 0.4

    private func call() async throws -> Conversation {
        let conversation = Conversation(try Fixtures.agent("receptionist"), tools: calendar.tools)
        _ = try await conversation.start()
        return conversation
    }

    @Test("is asked about, and followed with its values after a yes")
    func confirmed() async throws {
        let caller = try await call()
        var reply = try await caller.say("i'd like to book an appointment for next tuesday", confidence: doubtful)
        #expect(reply.text == "Would you like to book an appointment?")
        #expect(reply.expectation == Expectation(kind: .yesNo, context: "confirm"))
        #expect(reply.tools.isEmpty)
        reply = try await caller.say("yes please")
        #expect(reply.calls.first?.arguments == ["date": "2026-12-01"])
        #expect(reply.expectation == Expectation(kind: .time, context: "time"))
    }

    @Test("said a second time is meant, however it is heard")
    func repeated() async throws {
        let caller = try await call()
        _ = try await caller.say("cancel my appointment", confidence: doubtful)
        let reply = try await caller.say("cancel my appointment", confidence: doubtful)
        #expect(reply.expectation == Expectation(kind: .name, context: "name"))
    }

    @Test("denied leads back to the question that was open")
    func denied() async throws {
        let caller = try await call()
        _ = try await caller.say("cancel my appointment", confidence: doubtful)
        let reply = try await caller.say("no")
        #expect(reply.text == "How can I help you?")
        #expect(reply.expectation == Expectation(kind: .open, context: "menu"))
    }

    @Test("gives way to another one")
    func replaced() async throws {
        let caller = try await call()
        _ = try await caller.say("cancel my appointment", confidence: doubtful)
        let reply = try await caller.say("when are you open")
        #expect(reply.understanding?.intent == "opening_hours")
        #expect(reply.text.hasPrefix("We are open Monday to Friday"))
    }

    @Test("for what only answers is asked about, too, and leads back to what was being asked")
    func digression() async throws {
        let caller = try await call()
        _ = try await caller.say("i'd like to book an appointment")
        var reply = try await caller.say("is the library open on sunday", confidence: doubtful)
        #expect(reply.text == "Would you like to know when we are open?")
        reply = try await caller.say("yes")
        #expect(reply.text.hasPrefix("We are open Monday to Friday"))
        #expect(reply.expectation?.context != "menu")
    }

    @Test("an uncertain yes to it is not one")
    func uncertainAgreement() async throws {
        let caller = try await call()
        _ = try await caller.say("cancel my appointment", confidence: doubtful)
        let reply = try await caller.say("yes", confidence: doubtful)
        #expect(reply.understanding?.intent == "none")
        #expect(reply.expectation == Expectation(kind: .open, context: "menu"))
    }

    @Test("can be answered with keys, and repeated")
    func keysAndRepetition() async throws {
        let caller = try await call()
        _ = try await caller.say("cancel my appointment", confidence: doubtful)
        var reply = try await caller.say("sorry what did you say")
        #expect(reply.text == "Would you like to cancel your appointment?")
        reply = try await caller.send(.keysPressed("1"))
        #expect(reply.expectation == Expectation(kind: .name, context: "name"))
    }

    @Test("does not end the call")
    func goodbye() async throws {
        let caller = try await call()
        let reply = try await caller.say("goodbye", confidence: doubtful)
        #expect(reply.text == "Was that all for today?")
        #expect(!reply.hangsUp)
        #expect(try await caller.say("yes").hangsUp)
    }

    @Test("whoever has been asked twice is taken at their word")
    func endless() async throws {
        let caller = try await call()
        _ = try await caller.say("cancel my appointment", confidence: doubtful)
        _ = try await caller.say("book an appointment", confidence: doubtful)
        let reply = try await caller.say("cancel my appointment", confidence: doubtful)
        #expect(reply.expectation == Expectation(kind: .name, context: "name"))
    }
}
