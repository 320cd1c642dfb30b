/// Puts an answer of OpenAI's Responses protocol together. No I/O.
///
/// The answer is a list of items, whose pieces carry the number of their item; events that are not known are passed over.
package struct OpenAIResponsesAccumulator: ModelAccumulator {
    private var draft: AnswerDraft
    private var reason: ModelFinish.Reason?
    private var usage: ModelUsage?
    private var hasRefusal = false
    /// Reasoning that belongs to the next call.
    private var reasoning: [JSONValue] = []
    package private(set) var isDone = false
    package var hasText: Bool { draft.hasText }
    package var size: Int { draft.size }

    /// - Parameter provider: for errors.
    package init(provider: String) {
        draft = AnswerDraft(provider: provider)
    }

    package mutating func push(_ data: String) throws(ModelError) -> [ModelEvent] {
        if isDone { return [] }
        if data == "[DONE]" {
            isDone = true
            return []
        }
        let event = try draft.json(data)
        let index = event["output_index"]?.integer
        switch event["type"]?.string {
        case "response.output_text.delta": return try draft.text(event["delta"]?.string)
        case "response.refusal.delta":
            hasRefusal = true
            return try draft.text(event["delta"]?.string)
        case "response.output_item.added": _ = try call(event["item"], index: index)
        case "response.function_call_arguments.delta":
            if let position = draft.position(of: index) {
                try draft.append(event["delta"]?.string ?? "", at: position)
            }
        case "response.output_item.done": try end(event["item"], index: index)
        case "response.completed": finish(event["response"], .stop)
        case "response.incomplete":
            let isFiltered = event["response"]?["incomplete_details"]?["reason"]?.string == "content_filter"
            finish(event["response"], isFiltered ? .contentFilter : .length)
        case "response.failed", "response.cancelled":
            throw failure(event["response"]?["error"] ?? .null)
        case "error": throw failure(event["error"] ?? event)
        default:
            // Compatible servers break off as chat completions do.
            if let error = event["error"], error != .null { throw failure(error) }
        }
        return []
    }

    package mutating func finish() throws(ModelError) -> [ModelEvent] {
        guard isDone || reason != nil else { throw draft.brokenOff }
        return draft.end(hasRefusal ? .contentFilter : reason ?? .stop, usage: usage)
    }

    /// The position of the call that `item` is; nil when it is none.
    private mutating func call(_ item: JSONValue?, index: Int?) throws(ModelError) -> Int? {
        guard item?["type"]?.string == "function_call" else { return nil }
        let position: Int
        if let known = draft.position(of: index) {
            position = known
        } else {
            position = try draft.begin(AnswerDraft.Call(key: index))
            if !reasoning.isEmpty {
                let content = JSONValue.array(reasoning).text
                reasoning = []
                if content.utf8.count <= ModelAttachment.sizeLimit {
                    draft.attach(ModelAttachment(provider: draft.provider, content: content), at: position)
                }
            }
        }
        draft.identify(position, id: item?["call_id"]?.string ?? "", name: item?["name"]?.string ?? "")
        return position
    }

    /// The whole item stands at its end: some servers send it only then.
    private mutating func end(_ item: JSONValue?, index: Int?) throws(ModelError) {
        if let item, item["type"]?.string == "reasoning", item["encrypted_content"]?.string != nil,
            reasoning.count < 16
        {
            reasoning.append(item)
        }
        guard let position = try call(item, index: index), let arguments = item?["arguments"]?.string else { return }
        if draft.calls[position].arguments != arguments { try draft.replace(arguments, at: position) }
    }

    private mutating func finish(_ response: JSONValue?, _ reason: ModelFinish.Reason) {
        self.reason = reason
        isDone = true
        guard let figures = response?["usage"], let input = figures["input_tokens"]?.integer else { return }
        usage = ModelUsage(
            promptTokens: input, cachedTokens: figures["input_tokens_details"]?["cached_tokens"]?.integer ?? 0,
            completionTokens: figures["output_tokens"]?.integer ?? 0)
    }

    private func failure(_ error: JSONValue) -> ModelError {
        OpenAIFailure.error(error, status: nil, headers: [], provider: draft.provider)
    }
}
