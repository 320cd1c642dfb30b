/// What has happened in a conversation, for a dialogue that goes on with it in another process. In the order in which it
/// happened: what follows an input came of it.
package enum RememberedEvent: Sendable, Equatable {
    case input(DialogueInput)
    /// A sentence of the answer, whether or not it was heard.
    case said(String)
    /// From here on the answer is that agent's.
    case tookOver(agent: String)
    /// A tool was called; nil where nobody knows what came of it.
    case tool(ToolInvocation, ToolOutcome?)
    /// The answer went no further: the caller went on, or somebody took the line.
    case abandoned
    /// Of the last answer the caller heard no more than this.
    case heard(String)

    /// The inputs, each with what came of it. What precedes the first one is left out.
    static func exchanges(
        in history: [RememberedEvent]
    ) -> [(input: DialogueInput, consequences: [RememberedEvent])] {
        var exchanges: [(input: DialogueInput, consequences: [RememberedEvent])] = []
        for event in history {
            if case .input(let input) = event {
                exchanges.append((input, []))
            } else if !exchanges.isEmpty {
                exchanges[exchanges.count - 1].consequences.append(event)
            }
        }
        return exchanges
    }
}
