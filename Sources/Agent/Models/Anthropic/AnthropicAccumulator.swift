/// Puts an answer of Anthropic's Messages protocol together. No I/O.
///
/// Content comes in numbered blocks; those of kinds that are not asked for, such as thinking, are passed over, as are
/// events that are not known.
package struct AnthropicAccumulator: ModelAccumulator {
    private var draft: AnswerDraft
    private var reason: String?
    private var usage: ModelUsage?
    package private(set) var isDone = false
    package var hasText: Bool { draft.hasText }
    package var size: Int { draft.size }

    /// - Parameter provider: for errors.
    package init(provider: String) {
        draft = AnswerDraft(provider: provider)
    }

    package mutating func push(_ data: String) throws(ModelError) -> [ModelEvent] {
        if isDone { return [] }
        let event = try draft.json(data)
        switch event["type"]?.string {
        case "message_start": count(event["message"]?["usage"])
        case "content_block_start": return try begin(event["content_block"], index: event["index"]?.integer)
        case "content_block_delta":
            let delta = event["delta"]
            switch delta?["type"]?.string {
            case "text_delta": return try draft.text(delta?["text"]?.string)
            case "input_json_delta":
                guard let position = draft.position(of: event["index"]?.integer) else { break }
                try draft.append(delta?["partial_json"]?.string ?? "", at: position)
            default: break
            }
        case "message_delta":
            if let reason = event["delta"]?["stop_reason"]?.string { self.reason = reason }
            count(event["usage"])
        case "message_stop": isDone = true
        case "error":
            throw AnthropicFailure.error(
                event["error"] ?? event, status: nil, headers: [], provider: draft.provider)
        default: break
        }
        return []
    }

    package mutating func finish() throws(ModelError) -> [ModelEvent] {
        guard isDone || reason != nil else { throw draft.brokenOff }
        let end: ModelFinish.Reason =
            switch reason {
            case "max_tokens", "model_context_window_exceeded": .length
            case "refusal": .contentFilter
            default: .stop
            }
        return draft.end(end, usage: usage)
    }

    private mutating func begin(_ block: JSONValue?, index: Int?) throws(ModelError) -> [ModelEvent] {
        switch block?["type"]?.string {
        case "text": return try draft.text(block?["text"]?.string)
        case "tool_use":
            let input = block?["input"]?.object ?? [:]
            // Usually empty here, and written in the deltas that follow.
            _ = try draft.begin(
                AnswerDraft.Call(
                    key: index, id: block?["id"]?.string ?? "", name: block?["name"]?.string ?? "",
                    arguments: input.isEmpty ? "" : JSONValue.object(input).text))
            return []
        default: return []
        }
    }

    /// The figures of the last event that has them stand: they are totals. The input's do not count what is cached.
    private mutating func count(_ figures: JSONValue?) {
        guard let figures else { return }
        var total = usage ?? ModelUsage(promptTokens: 0, completionTokens: 0)
        if let input = figures["input_tokens"]?.integer {
            let cached = figures["cache_read_input_tokens"]?.integer ?? 0
            total.cachedTokens = cached
            total.promptTokens = input + cached + (figures["cache_creation_input_tokens"]?.integer ?? 0)
        }
        if let output = figures["output_tokens"]?.integer { total.completionTokens = output }
        usage = total
    }
}
