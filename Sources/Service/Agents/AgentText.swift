package import Agent

/// A conversation with an agent in words, as it happens in a terminal.
package enum AgentText {
    /// The line for an output; nil for what nobody wants to read.
    package static func line(_ output: DialogueOutput) -> String? {
        switch output {
        case .say(let text): DemoPrinter.line("", "agent", text)
        case .toolStarted: nil
        case .toolFinished(let call, .result(let value)):
            DemoPrinter.line("", "tool", "\(call.name) \(call.arguments.text) → \(cut(value.text))")
        case .toolFinished(let call, .failure(let error)):
            DemoPrinter.line(
                "", "tool failed", "\(call.name) \(call.arguments.text) → \(error.code.rawValue): \(cut(error.detail))")
        case .understood(let understanding):
            DemoPrinter.line(
                "", "understood",
                understanding.intent
                    + understanding.entities.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined())
        case .expect: nil
        case .tookOver(let agent): DemoPrinter.line("", "taken over", "by \(agent)")
        case .flagged(let statement, let isHeld):
            DemoPrinter.line("", isHeld ? "held back" : "unsupported", "\"\(statement)\"")
        case .press(let keys): DemoPrinter.line("", "presses", keys)
        case .transfer(let destination, let reason):
            DemoPrinter.line("", "ended", "transferred to \(destination): \(reason)")
        case .hangUp(let reason): DemoPrinter.line("", "ended", reason)
        }
    }

    /// The line for what the caller does.
    package static func line(_ input: ConversationScript.Turn.Input) -> String {
        switch input {
        case .says(let text, _): DemoPrinter.line("", "caller", text)
        case .keys(let keys): DemoPrinter.line("", "keys", keys)
        case .mumbles: DemoPrinter.line("", "caller", "(not understood)")
        case .notReached(let reason): DemoPrinter.line("", "transfer", "nobody was reached: \(reason)")
        case .silence(let count): DemoPrinter.line("", "caller", "(silent, \(count))")
        }
    }

    private static func cut(_ text: String) -> String {
        text.count <= 400 ? text : text.prefix(400) + " … (\(text.utf8.count) bytes)"
    }
}

/// An output as JSON, one object a line.
package struct AgentOutputRecord: Sendable, Encodable {
    package var kind: String
    package var text: String?
    package var tool: String?
    package var arguments: JSONValue?
    package var result: JSONValue?
    package var error: String?
    package var understanding: Understanding?
    package var expectation: Expectation?
    package var keys: String?
    package var agent: String?
    package var destination: String?
    package var reason: String?

    package init(_ output: DialogueOutput) {
        switch output {
        case .say(let text):
            kind = "say"
            self.text = text
        case .toolStarted(let call):
            kind = "toolStarted"
            (tool, arguments) = (call.name, call.arguments)
        case .toolFinished(let call, let outcome):
            kind = "toolFinished"
            (tool, arguments) = (call.name, call.arguments)
            switch outcome {
            case .result(let value): result = value
            case .failure(let error): self.error = "\(error.code.rawValue): \(error.detail)"
            }
        case .understood(let understanding):
            kind = "understood"
            self.understanding = understanding
        case .flagged(let statement, let isHeld):
            kind = isHeld ? "heldBack" : "unsupported"
            text = statement
        case .expect(let expectation):
            kind = "expect"
            self.expectation = expectation
        case .tookOver(let agent):
            kind = "tookOver"
            self.agent = agent
        case .press(let keys):
            kind = "press"
            self.keys = keys
        case .transfer(let destination, let reason):
            kind = "transfer"
            (self.destination, self.reason) = (destination, reason)
        case .hangUp(let reason):
            kind = "hangUp"
            self.reason = reason
        }
    }
}
