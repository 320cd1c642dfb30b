/// A conversation for protocols that know two roles only, in strict turns, the user's first: messages of one side in a
/// row become one turn, results stand first in theirs and in the order of their calls, and nothing is empty.
struct AlternatingTurns: Sendable {
    enum Part: Sendable {
        case text(String)
        case call(ModelToolCall, id: String)
        case result(id: String, name: String, content: String)
    }

    struct Turn: Sendable {
        var isAssistant: Bool
        var parts: [Part]
    }

    /// What stands for the user where the assistant spoke first: it greets whoever calls.
    private static let opening = "(The call begins.)"

    /// The facts before everything else; they go behind the instructions.
    private(set) var facts: [String] = []
    private(set) var turns: [Turn] = []

    init(_ messages: [ModelMessage]) {
        var ids = ModelCallIDs()
        /// The ids of the last calls, which their results follow.
        var order: [String] = []
        for message in messages {
            switch message {
            case .facts(let text):
                if turns.isEmpty, !Self.isBlank(text) { facts.append(text) } else { add(.text(text), false) }
            case .user(let text): add(.text(text), false)
            case .assistant(let text, let calls):
                add(.text(text), true)
                order = calls.map { ids.open($0) }
                for (call, id) in zip(calls, order) { add(.call(call, id: id), true) }
            case .tool(let id, let content):
                // A result of nothing would be refused.
                guard let call = ids.call(id) else { continue }
                add(result: .result(id: call.wire, name: call.name, content: content), of: call.wire, order)
            }
        }
        if turns.first?.isAssistant != false {
            turns.insert(Turn(isAssistant: false, parts: [.text(Self.opening)]), at: 0)
        }
    }

    private mutating func add(_ part: Part, _ isAssistant: Bool) {
        if case .text(let text) = part, Self.isBlank(text) { return }
        if turns.last?.isAssistant != isAssistant { turns.append(Turn(isAssistant: isAssistant, parts: [])) }
        turns[turns.count - 1].parts.append(part)
    }

    private mutating func add(result: Part, of id: String, _ order: [String]) {
        if turns.last?.isAssistant != false { turns.append(Turn(isAssistant: false, parts: [])) }
        let rank = order.firstIndex(of: id) ?? order.count
        let place = turns[turns.count - 1].parts.firstIndex { part in
            guard case .result(let other, _, _) = part else { return true }
            return (order.firstIndex(of: other) ?? order.count) > rank
        }
        turns[turns.count - 1].parts.insert(result, at: place ?? turns[turns.count - 1].parts.count)
    }

    static func isBlank(_ text: String) -> Bool { text.allSatisfy(\.isWhitespace) }
}
