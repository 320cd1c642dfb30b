/// What a scripted conversation came to.
package struct ScriptVerdict: Sendable, Equatable, Encodable {
    /// One expectation that was not met.
    package struct Failure: Sendable, Equatable, Encodable {
        /// From 1.
        package var line: Int
        package var reason: String

        package init(line: Int, reason: String) {
            self.line = line
            self.reason = reason
        }
    }

    package var name: String
    package var line: Int
    package var turns: Int
    package var failures: [Failure]

    package var passed: Bool { failures.isEmpty }
}

extension ConversationScript.Expected {
    /// What of this is not so.
    ///
    /// - Parameters:
    ///   - whom: begins the reasons: "in this turn the agent".
    func objections(said: String, calls: [ToolInvocation]) -> [String] {
        var objections: [String] = []
        let spoken = said.lowercased()
        for text in says where !spoken.contains(text.lowercased()) {
            objections.append("the agent must say \"\(text)\"; it said \(said.isEmpty ? "nothing" : "\"\(said)\"")")
        }
        for text in neverSays where spoken.contains(text.lowercased()) {
            objections.append("the agent must never say \"\(text)\"; it said \"\(said)\"")
        }
        for name in neverCalls {
            for call in calls where call.name == name {
                objections.append("\(name) must never be called; it was, with \(call.arguments.text)")
            }
        }
        var rest = calls[...]
        for expected in self.calls {
            guard let index = rest.firstIndex(where: { expected.fits($0) }) else {
                let made = calls.map { "\($0.name) \($0.arguments.text)" }.joined(separator: ", ")
                objections.append("\(expected.text) must be called; called was \(made.isEmpty ? "nothing" : made)")
                continue
            }
            rest = rest[(index + 1)...]
        }
        return objections
    }
}

extension ConversationScript.Call {
    fileprivate var text: String { arguments == .null ? tool : "\(tool) \(arguments.text)" }

    fileprivate func fits(_ call: ToolInvocation) -> Bool {
        call.name == tool && (arguments == .null || call.arguments.includes(arguments))
    }
}

extension JSONValue {
    /// Whether everything that `part` says is so here: objects may have more members.
    package func includes(_ part: JSONValue) -> Bool {
        switch (self, part) {
        case (.object(let whole), .object(let part)):
            part.allSatisfy { name, value in whole[name].map { $0.includes(value) } ?? (value == .null) }
        case (.array(let whole), .array(let part)):
            whole.count == part.count && zip(whole, part).allSatisfy { $0.includes($1) }
        default: isSame(as: part)
        }
    }
}
