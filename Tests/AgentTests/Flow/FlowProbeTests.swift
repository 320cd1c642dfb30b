import Agent
import Testing

@Suite("A probe of one question")
struct FlowProbeTests {
    private func probe(_ agent: String, _ question: String) throws -> FlowProbe? {
        FlowProbe(
            agent: try Fixtures.agent(agent), flow: try Fixtures.flow(agent), call: CallFacts(callID: "c1"),
            question: question, today: Fixtures.today)
    }

    private func reply(of probe: FlowProbe, to input: DialogueInput) async throws -> Reply {
        var outputs: [DialogueOutput] = []
        for try await output in probe.reply(to: input) { outputs.append(output) }
        return Reply(outputs: outputs)
    }

    @Test(
        "waits for the answer to the question, and for nothing else",
        arguments: [
            ("receptionist", "open", .init(kind: .open, context: "menu")),
            ("receptionist", "confirm", .init(kind: .yesNo, context: "confirm")),
            ("receptionist", "date", .init(kind: .date, context: "date")),
            ("receptionist", "time", .init(kind: .time, context: "time")),
            ("receptionist", "hour", .init(kind: .time, context: "time")),
            ("receptionist", "name", .init(kind: .name, context: "name")),
            ("receptionist", "phone", .init(kind: .digits, context: "phone")),
            ("thermostat", "open", .init(kind: .open, context: "menu")),
            ("thermostat", "temperature", .init(kind: .choice, context: "target")),
        ] as [(String, String, Agent.Expectation)])
    func expectations(agent: String, question: String, expectation: Agent.Expectation) async throws {
        let probe = try #require(try probe(agent, question))
        let greeting = try await reply(of: probe, to: .callStarted(CallFacts(callID: "c1")))
        #expect(greeting.outputs == [.expect(expectation)])
        #expect(probe.language.contexts[expectation.context] != nil)
    }

    @Test(
        "there is none of a question that the flow does not ask",
        arguments: [
            ("receptionist", "temperature"), ("thermostat", "confirm"), ("thermostat", "date"), ("thermostat", ""),
        ])
    func unknown(agent: String, question: String) throws {
        #expect(try probe(agent, question) == nil)
    }

    @Test(
        "an answer is understood and nothing is said or done about it",
        arguments: [
            ("receptionist", "open", "i'd like to book an appointment", "book_appointment", [:]),
            ("receptionist", "confirm", "yes please", "yes", [:]),
            ("receptionist", "date", "next tuesday", "inform", ["date": "2026-12-01"]),
            ("receptionist", "time", "half past ten", "inform", ["time": "10:30"]),
            ("receptionist", "name", "my name is peter miller", "inform", ["name": "Peter Miller"]),
            ("receptionist", "phone", "five five five zero one seven six", "inform", ["phone": "5550176"]),
            ("thermostat", "open", "set it to seventy", "set_temperature", ["number": "70"]),
            ("thermostat", "temperature", "sixty nine degrees", "inform", ["number": "69"]),
        ] as [(String, String, String, String, [String: String])])
    func answers(agent: String, question: String, text: String, intent: String, entities: [String: String])
        async throws
    {
        let probe = try #require(try probe(agent, question))
        // Again and again: an answer leaves nothing behind.
        for number in 1...2 {
            let reply = try await reply(
                of: probe, to: .callerSaid(CallerTurn(number: number, text: text, confidence: 0.95)))
            #expect(reply.understanding?.intent == intent)
            #expect(reply.understanding?.entities == entities)
            #expect(reply.outputs.count == 2)
            #expect(reply.expectation != nil)
        }
    }

    @Test(
        "what is no answer is only waited over",
        arguments: [.callerNotUnderstood, .callerSilent(count: 2), .keysPressed("1")] as [DialogueInput])
    func other(input: DialogueInput) async throws {
        let probe = try #require(try probe("receptionist", "date"))
        let reply = try await reply(of: probe, to: input)
        #expect(reply.outputs == [.expect(Agent.Expectation(kind: .date, context: "date"))])
    }
}
