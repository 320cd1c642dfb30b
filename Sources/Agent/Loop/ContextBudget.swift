/// How much of a conversation a model is shown, and which part of it makes room.
///
/// A value; tokens are estimated, for every model counts its own.
package struct ContextBudget: Sendable, Equatable {
    /// What the messages may come to.
    package var tokens: Int

    package init(tokens: Int) { self.tokens = tokens }

    /// From this share of the budget on, room is made while nobody waits.
    private static let share = 0.6
    /// Turns of the caller that stay word for word.
    private static let keptTurns = 6
    /// Fewer messages are not worth a summary.
    private static let fewest = 4
    /// Characters that stay of an older result of a tool.
    private static let keptOfResult = 400

    /// About as many tokens as `messages` have: four bytes each, and four for a message's frame.
    package static func estimate(_ messages: some Sequence<ModelMessage>) -> Int {
        messages.reduce(0) { sum, message in
            let bytes =
                switch message {
                case .facts(let text), .user(let text): text.utf8.count
                case .assistant(let text, let calls):
                    calls.reduce(text.utf8.count) { $0 + $1.name.utf8.count + $1.rawArguments.utf8.count + 16 }
                case .tool(_, let content): content.utf8.count
                }
            return sum + tokens(bytes) + 4
        }
    }

    /// About as many tokens as all that a model is given with a request.
    package static func estimate(_ request: ModelRequest) -> Int {
        let tools = request.tools.reduce(0) {
            $0 + $1.name.utf8.count + $1.summary.utf8.count + $1.parameters.text.utf8.count
        }
        return estimate(request.messages) + tokens(request.instructions.utf8.count + tools)
    }

    /// About as many tokens as text of so many bytes has.
    package static func tokens(_ bytes: Int) -> Int { bytes / 4 }

    package func isTight(_ messages: [ModelMessage]) -> Bool {
        Double(Self.estimate(messages)) > Double(tokens) * Self.share
    }

    package func isExceeded(_ messages: [ModelMessage]) -> Bool { Self.estimate(messages) > tokens }

    /// The messages with the results of tools shortened that were answered in turns before the last one.
    package func shortened(_ messages: [ModelMessage]) -> [ModelMessage] {
        guard let last = messages.lastIndex(where: { if case .user = $0 { true } else { false } }) else {
            return messages
        }
        return messages.enumerated().map { index, message in
            guard index < last, case .tool(let id, let content) = message, content.count > Self.keptOfResult * 3 / 2
            else {
                return message
            }
            return .tool(
                id: id, content: content.prefix(Self.keptOfResult) + " … (shortened; call the tool again for all of it)"
            )
        }
    }

    /// What is to be summed up: all between the facts of the call and the caller's last turns; nil where that is too little.
    package func older(_ messages: [ModelMessage]) -> Range<Int>? {
        let turns = messages.indices.filter { if case .user = messages[$0] { true } else { false } }
        guard turns.count > Self.keptTurns, case .facts? = messages.first else { return nil }
        let range = 1..<turns[turns.count - Self.keptTurns]
        return range.count >= Self.fewest ? range : nil
    }
}
