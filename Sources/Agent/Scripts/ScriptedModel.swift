import Networking

/// A language model that answers what a script says, line by line.
package final class ScriptedModel: LanguageModel {
    private struct State {
        var lines: ArraySlice<ConversationScript.ModelLine> = []
        var unanswered = 0
        var calls = 0
    }

    private let state = Lock(State())

    package init() {}

    /// The answers of the next turn. What was left of the last one is forgotten.
    package func expect(_ lines: [ConversationScript.ModelLine]) {
        state.withLock {
            $0.lines = lines[...]
            $0.unanswered = 0
        }
    }

    /// Answers of this turn that nobody asked for.
    package var left: Int { state.withLock { $0.lines.count } }
    /// Requests of this turn that the script has no answer to.
    package var unanswered: Int { state.withLock { $0.unanswered } }

    package func answer(_ request: ModelRequest) -> AsyncThrowingStream<ModelEvent, any Error> {
        let (line, first) = state.withLock { state -> (ConversationScript.ModelLine?, Int) in
            let line = state.lines.popFirst()
            if line == nil { state.unanswered += 1 }
            let first = state.calls
            if case .answers(_, let calls) = line { state.calls += calls.count }
            return (line, first)
        }
        // Not bounded: an answer is a handful of events.
        let (events, continuation) = AsyncThrowingStream.makeStream(of: ModelEvent.self)
        switch line {
        case .answers(let text, let calls):
            if !text.isEmpty { continuation.yield(.text(text)) }
            for (index, call) in calls.enumerated() {
                let arguments = call.arguments == .null ? JSONValue.object([:]) : call.arguments
                continuation.yield(
                    .toolCall(
                        ModelToolCall(
                            id: "s\(first + index + 1)", name: call.tool, arguments: arguments,
                            rawArguments: arguments.text)))
            }
            continuation.yield(.finished(ModelFinish(reason: calls.isEmpty ? .stop : .toolCalls)))
            continuation.finish()
        case .fails(let code):
            continuation.finish(throwing: ModelError(code, provider: "script", detail: "as the script says"))
        case nil:
            continuation.finish(
                throwing: ModelError(.invalidRequest, provider: "script", detail: "the script has no answer"))
        }
        return events
    }
}
