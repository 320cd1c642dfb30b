import Foundation
import Networking
import Testing

@testable import Agent

@Suite("While a tool takes its time")
struct ToolWaitTests {
    /// A tool that answers when it is told to.
    private final class Slow: Sendable {
        private let gate = AsyncStream.makeStream(of: Void.self)

        var tool: any Tool {
            FakeTool(
                definition: ToolDefinition(
                    name: "look", summary: "Looks.",
                    parameters: ["type": "object", "properties": ["day": ["type": "string"]]], risk: .read,
                    deadline: .seconds(10))
            ) { [gate] _, _ throws(ToolError) in
                for await _ in gate.stream { break }
                return ["seen": "three"]
            }
        }

        func answer() { gate.continuation.yield() }
    }

    private static func flow() throws -> AgentDefinition {
        let text = Faulty.sound.replacing(
            "tools:\n", with: "tool_wait: {after: 2, say: [\"One moment, please.\", \"Just a second.\"]}\ntools:\n")
        return try AgentDefinition(yaml: Data(text.utf8), file: "small.yaml") { _ in Data() }
    }

    @Test("the caller hears a word after a while, once, and the result when it is there")
    func filled() async throws {
        let (clock, slow) = (ManualClock(), Slow())
        let conversation = Conversation(try Self.flow(), tools: [slow.tool], clock: clock)
        _ = try await conversation.start()
        let outputs = conversation.dialogue.reply(
            to: .callerSaid(CallerTurn(number: 1, text: "look on tuesday", confidence: 0.95)))
        var said: [String] = []
        async let passing: Void = {
            // The tool's own deadline and the patience.
            await clock.sleepers(2)
            clock.advance(by: .seconds(2))
        }()
        for try await output in outputs {
            guard case .say(let text) = output else { continue }
            said.append(text)
            if said.count == 1 { slow.answer() }
        }
        await passing
        #expect(said.first == "One moment, please.")
        #expect(said.dropFirst().first?.contains("there is three") == true, "\(said)")
        #expect(said.count { $0 == "One moment, please." || $0 == "Just a second." } == 1)
    }

    @Test("one that is quick is not spoken over, and one whose reply was given up is not spoken for")
    func quick() async throws {
        let (clock, slow) = (ManualClock(), Slow())
        let conversation = Conversation(try Self.flow(), tools: [slow.tool], clock: clock)
        _ = try await conversation.start()
        slow.answer()
        let reply = try await conversation.say("look on tuesday")
        #expect(reply.text.hasPrefix("On") && !reply.text.contains("moment"))
    }

    @Test(
        "what filled the wait is no part of what the agent said",
        arguments: [
            ("I look. One moment, please. There is", "I look. There is"), ("I look. One moment,", "I look."),
            ("I look.", "I look."), ("One moment, please.", ""), ("", ""), ("One", ""),
        ])
    func removed(heard: String, kept: String) {
        #expect(ToolWait.removing("One moment, please.", from: heard) == kept)
        #expect(ToolWait.removing(nil, from: heard) == heard)
    }
}
