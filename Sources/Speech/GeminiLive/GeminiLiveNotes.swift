/// What the model is told in words because the protocol has no place for it. In brackets, as all that is not the caller's.
enum GeminiLiveNotes {
    static let goOn = "[Go on.]"

    static func facts(_ text: String) -> String { "[\(text)]" }

    static func caller(_ text: String) -> String { "[The caller has said before: \"\(text)\"]" }

    static func agent(_ text: String) -> String { "[You have said to the caller: \"\(text)\"]" }

    static func call(_ call: RealtimeToolCall) -> String {
        "[You have called the tool \(call.name): \(call.arguments)]"
    }

    static func result(of tool: String, _ content: String) -> String { "[The tool \(tool) has returned: \(content)]" }

    /// - Parameter text: what the caller heard of the last reply; may be empty.
    static func heard(_ text: String) -> String {
        text.isEmpty
            ? "[The caller has heard nothing of what you said last.]"
            : "[You were cut off. Of what you said last the caller has heard only: \"\(text)\"]"
    }

    /// A conversation in writing; empty for none.
    static func briefing(_ messages: [RealtimeMessage]) -> String {
        var names: [String: String] = [:]
        var lines: [String] = []
        for message in messages {
            switch message {
            case .facts(let text): lines.append(facts(text))
            case .caller(let text): if !text.isEmpty { lines.append("Caller: \(text)") }
            case .agent(let text, let calls):
                if !text.isEmpty { lines.append("You: \(text)") }
                for call in calls {
                    names[call.id] = call.name
                    lines.append(self.call(call))
                }
            case .result(let call, let content): lines.append(result(of: names[call] ?? "", content))
            }
        }
        guard !lines.isEmpty else { return "" }
        return "# The conversation so far\n\nWhat stands in brackets was not said by anybody on the line.\n\n"
            + lines.joined(separator: "\n")
    }
}
