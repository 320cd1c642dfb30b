/// What a model knows of a call: what was said, called and answered. Only ever appended to, but for what the caller did
/// not hear, and for the older part of a long conversation.
package struct ChatContext: Sendable, Equatable {
    package private(set) var messages: [ModelMessage] = []
    /// Where the messages of the last reply begin.
    private var replyStart = 0
    /// Calls without a result yet.
    private var open: [String] = []

    package init() {}

    /// What the last reply said, as far as it was heard.
    package var lastReply: String {
        messages[replyStart...].compactMap { message -> String? in
            if case .assistant(let text, _) = message, !text.isEmpty { text } else { nil }
        }.joined(separator: " ")
    }

    package mutating func add(facts: String) { messages.append(.facts(facts)) }

    /// The caller's turn. Whatever the last reply left open is closed first, because providers refuse a call without a
    /// result.
    package mutating func add(user text: String) {
        closeOpenCalls()
        messages.append(.user(text))
        replyStart = messages.count
    }

    /// The words of the caller's turn, where the model heard it before anybody knew them.
    package mutating func heard(_ words: String) {
        guard replyStart > 0, case .user("") = messages[replyStart - 1] else { return }
        messages[replyStart - 1] = .user(words)
    }

    package mutating func add(assistant text: String, calls: [ModelToolCall]) {
        guard !text.isEmpty || !calls.isEmpty else { return }
        messages.append(.assistant(text: text, calls: calls))
        open += calls.map(\.id)
    }

    package mutating func add(result: String, of id: String) {
        guard let index = open.firstIndex(of: id) else { return }
        open.remove(at: index)
        messages.append(.tool(id: id, content: result))
    }

    /// Gives every call without a result the one that it was cancelled.
    package mutating func closeOpenCalls() {
        for id in open {
            messages.append(.tool(id: id, content: #"{"error":"cancelled","detail":"the caller interrupted"}"#))
        }
        open = []
    }

    /// The same messages, some of them shorter.
    package mutating func replace(with shorter: [ModelMessage]) {
        precondition(shorter.count == messages.count)
        messages = shorter
    }

    /// Puts one message of facts in the place of older ones.
    ///
    /// - Parameters:
    ///   - range: what lies before the last turn.
    ///   - older: the messages that were there when the summary was begun.
    /// - Returns: false, and nothing is changed, where others are there by now.
    package mutating func fold(_ range: Range<Int>, of older: [ModelMessage], into facts: String) -> Bool {
        guard range.upperBound <= replyStart, messages[range] == older[...] else { return false }
        messages.replaceSubrange(range, with: [.facts(facts)])
        replyStart -= range.count - 1
        return true
    }

    /// Of the last reply's text only `heard` remains. What tools did remains as it is.
    package mutating func cutReply(toHeard heard: String) {
        var left = heard.split(whereSeparator: \.isWhitespace).count
        var kept: [ModelMessage] = []
        for message in messages[replyStart...] {
            guard case .assistant(let text, let calls) = message else {
                kept.append(message)
                continue
            }
            let words = text.split(whereSeparator: \.isWhitespace)
            let heardWords = words.prefix(left)
            left -= heardWords.count
            let remaining = heardWords.joined(separator: " ") + (heardWords.count < words.count ? " …" : "")
            if !heardWords.isEmpty || !calls.isEmpty {
                kept.append(.assistant(text: heardWords.isEmpty ? "" : remaining, calls: calls))
            }
        }
        messages.replaceSubrange(replyStart..., with: kept)
    }
}
