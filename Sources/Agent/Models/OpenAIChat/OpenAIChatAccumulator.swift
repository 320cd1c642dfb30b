/// Puts the pieces of a streamed answer together: the `data` of events in, ``ModelEvent``s out. No I/O.
///
/// Servers differ in how they cut tool calls: without `index`, with the name in every piece, all at once, without a
/// `finish_reason`, without `[DONE]`. What was accumulated decides, not what the server says at the end.
package struct OpenAIChatAccumulator: ModelAccumulator {
    private var draft: AnswerDraft
    private var reason: String?
    private var usage: ModelUsage?
    private var hasRefusal = false
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
        let chunk = try draft.json(data)
        if let error = chunk["error"], error != .null {
            throw OpenAIFailure.error(error, status: nil, headers: [], provider: draft.provider)
        }
        for figures in [chunk["usage"], chunk["x_groq"]?["usage"]] {
            if let figures, let usage = Self.usage(figures) { self.usage = usage }
        }
        guard let choice = chunk["choices"]?.array?.first(where: { ($0["index"]?.integer ?? 0) == 0 }) else {
            return []
        }
        if let reason = choice["finish_reason"]?.string, !reason.isEmpty {
            self.reason = reason
            if reason == "error" {
                throw ModelError(.unavailable, provider: draft.provider, detail: "the answer broke off with an error")
            }
        }
        guard let delta = choice["delta"] ?? choice["message"] else { return [] }
        try accumulate(delta)
        let content = try draft.text(delta["content"]?.string)
        let refusal = try draft.text(delta["refusal"]?.string)
        hasRefusal = hasRefusal || !refusal.isEmpty
        return content + refusal
    }

    package mutating func finish() throws(ModelError) -> [ModelEvent] {
        guard isDone || reason != nil else { throw draft.brokenOff }
        let end: ModelFinish.Reason =
            if reason == "length" {
                .length
            } else if reason == "content_filter" || hasRefusal {
                .contentFilter
            } else {
                .stop
            }
        return draft.end(end, usage: usage)
    }

    private mutating func accumulate(_ delta: JSONValue) throws(ModelError) {
        for piece in delta["tool_calls"]?.array ?? [] { try add(piece, index: piece["index"]?.integer) }
        // The protocol's first form of one call, still sent by old servers.
        if let function = delta["function_call"], function != .null { try add(["function": function], index: 0) }
    }

    private mutating func add(_ piece: JSONValue, index: Int?) throws(ModelError) {
        let id = piece["id"]?.string ?? ""
        let function = piece["function"]
        let name = function?["name"]?.string ?? ""
        let known = index == nil ? draft.calls.indices.last : draft.position(of: index)
        let position: Int
        if let known, !isAnother(draft.calls[known], id: id, name: name, hasIndex: index != nil) {
            position = known
        } else {
            position = try draft.begin(AnswerDraft.Call(key: index))
        }
        draft.identify(position, id: id, name: name)
        switch function?["arguments"] {
        case .string(let text): try draft.append(text, at: position)
        case .object(let members): try draft.replace(JSONValue.object(members).text, at: position)
        default: break
        }
    }

    /// Whether a piece begins a call other than `call`: a new id says so, and where there are no ids a new name.
    private func isAnother(_ call: AnswerDraft.Call, id: String, name: String, hasIndex: Bool) -> Bool {
        if !id.isEmpty, !call.id.isEmpty { return id != call.id }
        return !hasIndex && !name.isEmpty && !call.name.isEmpty && name != call.name
    }

    private static func usage(_ value: JSONValue) -> ModelUsage? {
        guard let prompt = value["prompt_tokens"]?.integer, let completion = value["completion_tokens"]?.integer else {
            return nil
        }
        return ModelUsage(
            promptTokens: prompt, cachedTokens: value["prompt_tokens_details"]?["cached_tokens"]?.integer ?? 0,
            completionTokens: completion)
    }
}
