import Agent
import Testing

@Suite("What a flow would make of words that may be all")
struct FlowPreviewTests {
    private func preview(_ agent: String, _ question: String, _ text: String, confidence: Double = 0.9) async throws
        -> ReplyPreview
    {
        let probe = try #require(
            FlowProbe(
                agent: try Fixtures.agent(agent), flow: try Fixtures.flow(agent), call: CallFacts(callID: "c1"),
                question: question, today: Fixtures.today))
        return try #require(
            await probe.preview(of: CallerTurn(number: 1, text: text, confidence: confidence)))
    }

    @Test(
        "an answer to the question is whole; a wish without its details and half a name may go on; what is said to others is beside it",
        arguments: [
            ("receptionist", "date", "next tuesday", .complete),
            ("receptionist", "time", "at half past ten", .complete),
            ("receptionist", "name", "peter miller", .complete), ("receptionist", "name", "peter", .open),
            ("receptionist", "confirm", "yes please", .complete), ("receptionist", "confirm", "no", .complete),
            ("receptionist", "open", "i would like to book an appointment", .open),
            ("receptionist", "open", "when are you open", .complete),
            ("receptionist", "open", "the stock market is falling again", .beside),
            ("receptionist", "date", "no put it on the table darling", .beside),
            ("receptionist", "confirm", "did you lock the door", .beside),
            ("receptionist", "confirm", "yes two sugars please", .beside),
            ("receptionist", "confirm", "no not that one the red one", .beside),
            ("receptionist", "confirm", "yes lovely", .complete),
            ("receptionist", "confirm", "yes that is right please book it", .complete),
            ("receptionist", "confirm", "no that is wrong", .complete),
            ("receptionist", "confirm", "no the name is susan clark", .complete),
            ("receptionist", "open", "could you repeat that", .complete),
            ("receptionist", "phone", "five five five zero one eight three", .open),
            ("receptionist", "phone", "three one two five five five zero one eight four", .complete),
            ("thermostat", "open", "set it to seventy", .complete), ("thermostat", "open", "goodbye", .complete),
        ] as [(String, String, String, TurnCompleteness)])
    func completeness(agent: String, question: String, text: String, expected: TurnCompleteness) async throws {
        #expect(try await preview(agent, question, text).completeness == expected)
    }

    @Test("words that were hardly heard are no whole answer")
    func hardlyHeard() async throws {
        #expect(try await preview("receptionist", "confirm", "yes", confidence: 0.3).completeness == .open)
    }

    @Test("the first sentence is known unless a tool decides it")
    func firstSentence() async throws {
        #expect(try await preview("receptionist", "open", "when are you open").firstSentence != nil)
        #expect(try await preview("thermostat", "open", "how warm is it").firstSentence == nil)
    }

    @Test("nothing is remembered: the conversation goes on as if it had not been asked")
    func withoutTrace() async throws {
        let calendar = FakeCalendar()
        let caller = Conversation(try Fixtures.agent("receptionist"), tools: calendar.tools)
        _ = try await caller.start()
        _ = await caller.dialogue.preview(
            of: CallerTurn(number: 1, text: "book me for friday at nine my name is maria jones", confidence: 0.9))
        let reply = try await caller.say("when are you open")
        #expect(reply.understanding?.entities == [:])
        #expect(await calendar.keys.isEmpty)
        #expect(reply.expectation?.context == "menu")
    }
}
