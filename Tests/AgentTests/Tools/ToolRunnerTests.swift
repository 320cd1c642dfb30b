import Agent
import Foundation
import Testing

@Suite("Tools that a flow calls")
struct ToolRunnerTests {
    /// A flow that calls one irreversible tool after one yes.
    private func agent() throws -> AgentDefinition {
        let yaml = Faulty.sound.replacing("look: read", with: "look: reversible")
        return try AgentDefinition(yaml: Data(yaml.utf8), file: "small.yaml") { _ in Data() }
    }

    private func tool(
        deadline: Duration = .seconds(5),
        _ body: @escaping @Sendable (JSONValue, ToolContext) async throws(ToolError) -> JSONValue
    ) -> any Tool {
        let schema: JSONValue = [
            "type": "object", "properties": ["day": ["type": "string", "pattern": "^2026-"]], "required": ["day"],
        ]
        return FakeTool(
            definition: ToolDefinition(
                name: "look", summary: "", parameters: schema, risk: .reversible, deadline: deadline),
            body: body)
    }

    @Test("are given up at their deadline, even when they do not listen", .timeLimit(.minutes(1)))
    func deadline() async throws {
        let clock = ManualClock()
        let never = AsyncStream<Void>.makeStream()
        let stubborn = tool { _, _ throws(ToolError) in
            // Not ended by cancellation either: the iteration is in another task.
            await Task { for await _ in never.stream {} }.value
            return .null
        }
        let caller = Conversation(try agent(), tools: [stubborn], clock: clock)
        _ = try await caller.start()
        async let reply = caller.say("look on friday")
        await clock.sleepers(1)
        clock.advance(by: .seconds(5))
        let outputs = try await reply
        #expect(outputs.text == "That failed. What else?")
        guard
            case .toolFinished(_, .failure(let error))? = outputs.outputs.first(where: {
                if case .toolFinished = $0 { true } else { false }
            })
        else {
            Issue.record("no outcome")
            return
        }
        #expect(error.code == .deadlineExceeded)
        never.continuation.finish()
    }

    @Test("are not called with arguments their schema refuses")
    func schema() async throws {
        let caller = Conversation(
            try agent(),
            tools: [
                tool { _, _ throws(ToolError) in
                    Issue.record("must not be called")
                    return .null
                }
            ])
        _ = try await caller.start()
        let reply = try await caller.say("look on the third of january")
        #expect(reply.text == "That failed. What else?")
    }

    @Test("keep what they did when the reply is abandoned, and start nothing after", .timeLimit(.minutes(1)))
    func abandoned() async throws {
        let gate = AsyncStream<Void>.makeStream()
        let started = AsyncStream<Void>.makeStream()
        let slow = tool { _, _ throws(ToolError) in
            started.continuation.yield()
            for await _ in gate.stream { break }
            return ["seen": "a heron"]
        }
        let caller = Conversation(try agent(), tools: [slow])
        _ = try await caller.start()
        let dialogue = caller.dialogue
        let reply = Task {
            var outputs: [DialogueOutput] = []
            for try await output in dialogue.reply(
                to: .callerSaid(CallerTurn(number: 1, text: "look on friday", confidence: 0.9)))
            {
                outputs.append(output)
            }
            return outputs
        }
        for await _ in started.stream { break }
        reply.cancel()
        _ = try await reply.value
        gate.continuation.yield()
        // The next turn goes on from what the tool found, without calling it again.
        let next = try await dialogueReply(dialogue, "on friday")
        #expect(next.tools.isEmpty)
        #expect(next.text.contains("a heron"))
    }

    private func dialogueReply(_ dialogue: any Dialogue, _ text: String) async throws -> Reply {
        var outputs: [DialogueOutput] = []
        for try await output in dialogue.reply(to: .callerSaid(CallerTurn(number: 2, text: text, confidence: 0.9))) {
            outputs.append(output)
        }
        return Reply(outputs: outputs)
    }

    @Test("of which there is none are a failure the caller hears of")
    func missing() async throws {
        let caller = Conversation(try agent(), tools: [])
        _ = try await caller.start()
        #expect(try await caller.say("look on friday").text == "That failed. What else?")
    }
}
