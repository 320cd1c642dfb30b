/// The parts of an answer that every protocol has: text, tool calls in the making, and their limits.
struct AnswerDraft: Sendable {
    struct Call: Sendable {
        /// What the protocol numbers its calls with.
        var key: Int?
        var id = ""
        var name = ""
        var arguments = ""
        var attachment: ModelAttachment?
    }

    /// Bytes of text and of arguments that one answer may have.
    private static let sizeLimit = 512 * 1024
    private static let callLimit = 64

    let provider: String
    private(set) var calls: [Call] = []
    private(set) var size = 0
    private(set) var hasText = false

    init(provider: String) {
        self.provider = provider
    }

    func json(_ data: String) throws(ModelError) -> JSONValue {
        do {
            return try JSONValue(parsing: data)
        } catch {
            throw violation("an event is no JSON: \(error.detail)")
        }
    }

    /// A piece of text, to be given out.
    mutating func text(_ text: String?) throws(ModelError) -> [ModelEvent] {
        guard let text, !text.isEmpty else { return [] }
        try grow(by: text)
        hasText = true
        return [.text(text)]
    }

    /// Adds a call and returns its position.
    mutating func begin(_ call: Call) throws(ModelError) -> Int {
        guard calls.count < Self.callLimit else {
            throw violation("more than \(Self.callLimit) tool calls in one answer")
        }
        try grow(by: call.arguments)
        // A call has begun when it has a name, however long its arguments take.
        size += 1
        calls.append(call)
        return calls.count - 1
    }

    func position(of key: Int?) -> Int? {
        calls.lastIndex { $0.key == key }
    }

    /// Keeps the first id and name that are not empty: some servers repeat the name in every piece.
    mutating func identify(_ position: Int, id: String, name: String) {
        if calls[position].id.isEmpty { calls[position].id = id }
        if calls[position].name.isEmpty { calls[position].name = name }
    }

    mutating func append(_ arguments: String, at position: Int) throws(ModelError) {
        try grow(by: arguments)
        calls[position].arguments += arguments
    }

    /// The whole of a call's arguments, whatever came before.
    mutating func replace(_ arguments: String, at position: Int) throws(ModelError) {
        try grow(by: arguments)
        calls[position].arguments = arguments
    }

    mutating func attach(_ attachment: ModelAttachment?, at position: Int) {
        calls[position].attachment = attachment
    }

    /// The calls and the end, in this order.
    ///
    /// - Parameter reason: how it ended unless tools are called: what was accumulated decides, not what the server says.
    func end(_ reason: ModelFinish.Reason, usage: ModelUsage?) -> [ModelEvent] {
        var events: [ModelEvent] = []
        for (number, call) in calls.enumerated() where !call.name.isEmpty {
            let raw = call.arguments.allSatisfy(\.isWhitespace) ? "{}" : call.arguments
            events.append(
                .toolCall(
                    ModelToolCall(
                        id: call.id.isEmpty ? "call_\(number + 1)" : call.id, name: call.name,
                        arguments: try? JSONValue(parsing: raw), rawArguments: raw, attachment: call.attachment)))
        }
        return events + [.finished(ModelFinish(reason: events.isEmpty ? reason : .toolCalls, usage: usage))]
    }

    func violation(_ detail: String) -> ModelError {
        ModelError(.protocolViolation, provider: provider, detail: detail)
    }

    /// The connection ended before the answer did.
    var brokenOff: ModelError {
        ModelError(.connectionLost, provider: provider, detail: "the stream ended in the middle of the answer")
    }

    private mutating func grow(by text: String) throws(ModelError) {
        size += text.utf8.count
        guard size <= Self.sizeLimit else {
            throw violation("the answer is larger than \(Self.sizeLimit) bytes")
        }
    }
}
