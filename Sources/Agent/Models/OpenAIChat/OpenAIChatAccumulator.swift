/// Puts the pieces of a streamed answer together: the `data` of events in, ``ModelEvent``s out. No I/O.
///
/// Servers differ in how they cut tool calls: without `index`, with the name in every piece, all at once, without a
/// `finish_reason`, without `[DONE]`. What was accumulated decides, not what the server says at the end.
package struct OpenAIChatAccumulator: Sendable {
    private struct Call: Sendable {
        var index: Int?
        var id: String
        var name: String
        var arguments: String
    }

    /// Characters of text and of arguments that one answer may have.
    private static let sizeLimit = 512 * 1024

    private let provider: String
    private var calls: [Call] = []
    private var reason: String?
    private var usage: ModelUsage?
    private var size = 0
    private var hasRefusal = false
    /// The stream's own end mark was seen.
    package private(set) var isDone = false
    /// Something was given out that cannot be taken back.
    package private(set) var hasText = false

    /// - Parameter provider: for errors.
    package init(provider: String) {
        self.provider = provider
    }

    /// Takes the data of one event.
    ///
    /// - Throws: ``ModelError`` for an error inside the stream, and for data that is not of the protocol.
    package mutating func push(_ data: String) throws(ModelError) -> [ModelEvent] {
        if isDone { return [] }
        if data == "[DONE]" {
            isDone = true
            return []
        }
        let chunk: JSONValue
        do {
            chunk = try JSONValue(parsing: data)
        } catch {
            throw ModelError(.protocolViolation, provider: provider, detail: "an event is no JSON: \(error.detail)")
        }
        if let error = chunk["error"], error != .null {
            throw OpenAIChatFailure.error(error, status: nil, headers: [], provider: provider)
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
                throw ModelError(.unavailable, provider: provider, detail: "the answer broke off with an error")
            }
        }
        guard let delta = choice["delta"] ?? choice["message"] else { return [] }
        try accumulate(delta)
        var events: [ModelEvent] = []
        for key in ["content", "refusal"] {
            guard let text = delta[key]?.string, !text.isEmpty else { continue }
            try grow(by: text)
            hasText = true
            hasRefusal = hasRefusal || key == "refusal"
            events.append(.text(text))
        }
        return events
    }

    /// The connection ended.
    ///
    /// - Throws: when the answer is not complete.
    package mutating func finish() throws(ModelError) -> [ModelEvent] {
        guard isDone || reason != nil else {
            throw ModelError(
                .connectionLost, provider: provider, detail: "the stream ended in the middle of the answer")
        }
        var events: [ModelEvent] = []
        for (number, call) in calls.enumerated() where !call.name.isEmpty {
            let raw = call.arguments.allSatisfy(\.isWhitespace) ? "{}" : call.arguments
            events.append(
                .toolCall(
                    ModelToolCall(
                        id: call.id.isEmpty ? "call_\(number + 1)" : call.id, name: call.name,
                        arguments: try? JSONValue(parsing: raw), rawArguments: raw)))
        }
        let end: ModelFinish.Reason =
            if !events.isEmpty {
                .toolCalls
            } else if reason == "length" {
                .length
            } else if reason == "content_filter" || hasRefusal {
                .contentFilter
            } else {
                .stop
            }
        return events + [.finished(ModelFinish(reason: end, usage: usage))]
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
        let known = index == nil ? calls.indices.last : calls.lastIndex { $0.index == index }
        let position: Int
        if let known, !isAnother(calls[known], id: id, name: name, hasIndex: index != nil) {
            position = known
        } else {
            guard calls.count < 64 else {
                throw ModelError(
                    .protocolViolation, provider: provider, detail: "more than 64 tool calls in one answer")
            }
            calls.append(Call(index: index, id: "", name: "", arguments: ""))
            position = calls.count - 1
        }
        if calls[position].id.isEmpty { calls[position].id = id }
        // Assigned, not appended: some servers repeat the name in every piece.
        if calls[position].name.isEmpty { calls[position].name = name }
        switch function?["arguments"] {
        case .string(let text):
            try grow(by: text)
            calls[position].arguments += text
        case .object(let members): calls[position].arguments = JSONValue.object(members).text
        default: break
        }
    }

    /// Whether a piece begins a call other than `call`: a new id says so, and where there are no ids a new name.
    private func isAnother(_ call: Call, id: String, name: String, hasIndex: Bool) -> Bool {
        if !id.isEmpty, !call.id.isEmpty { return id != call.id }
        return !hasIndex && !name.isEmpty && !call.name.isEmpty && name != call.name
    }

    private mutating func grow(by text: String) throws(ModelError) {
        size += text.utf8.count
        guard size <= Self.sizeLimit else {
            throw ModelError(
                .protocolViolation, provider: provider, detail: "the answer is larger than \(Self.sizeLimit) bytes")
        }
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
