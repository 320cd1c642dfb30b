/// The older part of a conversation, as notes for the model that goes on with it.
struct ConversationNotes: Sendable {
    /// What the model that sums up is told.
    static let instructions = """
        You keep the notes of a telephone call. Sum up what follows for the agent who goes on with the call: what the caller \
        wants; every name, number, date, time and address that was given or confirmed, exactly as it was given; what was done; \
        what is still open. At most 150 words. Do not answer the caller.
        """
    static let longest = 400

    private static let longestResult = 600
    private static let longestWords = 200

    let messages: [ModelMessage]
    /// Tools that act, and did.
    let done: Set<String>

    /// The conversation to be summed up, a line for each message.
    var transcript: String {
        messages.flatMap { message -> [String] in
            switch message {
            case .facts(let text): ["Note: \(text)"]
            case .user(let text): ["Caller: \(text)"]
            case .assistant(let text, let calls):
                (text.isEmpty ? [] : ["Agent: \(text)"])
                    + calls.map { "Agent calls \($0.name) with \($0.rawArguments)" }
            case .tool(_, let content): ["Result: \(content)"]
            }
        }.joined(separator: "\n")
    }

    /// - Parameter summary: nil where nobody could write one: then the caller's own words stay, for they told what they want.
    func facts(_ summary: String?) -> String {
        let earlier =
            summary.map { "Earlier in this call, summed up: \($0)" }
            ?? (["Earlier in this call the caller said:"] + callersWords).joined(separator: "\n")
        return ([earlier] + acts).joined(separator: "\n")
    }

    /// What was done stays word for word, however often it is summed up.
    private var acts: [String] {
        let results = Dictionary(
            messages.compactMap { message -> (String, String)? in
                if case .tool(let id, let content) = message { (id, content) } else { nil }
            }, uniquingKeysWith: { first, _ in first })
        return messages.flatMap { message -> [String] in
            switch message {
            case .facts(let text): text.split(separator: "\n").filter { $0.hasPrefix(Self.act) }.map(String.init)
            case .assistant(_, let calls):
                calls.filter { done.contains($0.name) }.compactMap { call in
                    guard let result = results[call.id], (try? JSONValue(parsing: result))?["error"] == nil else {
                        return nil
                    }
                    return
                        "\(Self.act)\(call.name) with \(call.rawArguments), which gave \(result.prefix(Self.longestResult))"
                        .replacing("\n", with: " ")
                }
            case .user, .tool: []
            }
        }
    }

    private static let act = "Done: "

    private var callersWords: [String] {
        messages.flatMap { message -> [String] in
            switch message {
            case .user(let text): ["- " + text.prefix(Self.longestWords)]
            case .facts(let text): text.split(separator: "\n").filter { $0.hasPrefix("- ") }.map(String.init)
            case .assistant, .tool: []
            }
        }
    }
}
