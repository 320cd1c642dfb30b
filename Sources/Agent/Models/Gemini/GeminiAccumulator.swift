/// Puts an answer of Gemini's protocol together: every event is a whole response with some parts more. No I/O.
package struct GeminiAccumulator: ModelAccumulator {
    private var draft: AnswerDraft
    private var reason: String?
    private var usage: ModelUsage?
    /// Never: the protocol has no end mark, the connection's end is it.
    package var isDone: Bool { false }
    package var hasText: Bool { draft.hasText }
    package var size: Int { draft.size }

    /// - Parameter provider: for errors.
    package init(provider: String) {
        draft = AnswerDraft(provider: provider)
    }

    package mutating func push(_ data: String) throws(ModelError) -> [ModelEvent] {
        let event = try draft.json(data)
        let chunk = event[0] ?? event
        if let error = chunk["error"], error != .null {
            throw GeminiFailure.error(error, status: nil, headers: [], provider: draft.provider)
        }
        if let figures = chunk["usageMetadata"] { count(figures) }
        if let block = chunk["promptFeedback"]?["blockReason"]?.string {
            throw ModelError(.contentFiltered, provider: draft.provider, detail: "the prompt was blocked: \(block)")
        }
        guard let candidate = chunk["candidates"]?.array?.first(where: { ($0["index"]?.integer ?? 0) == 0 }) else {
            return []
        }
        var events: [ModelEvent] = []
        for part in candidate["content"]?["parts"]?.array ?? [] {
            if part["thought"]?.bool == true { continue }
            events += try draft.text(part["text"]?.string)
            if let call = part["functionCall"] { try add(call, signature: part["thoughtSignature"]?.string) }
        }
        if let reason = candidate["finishReason"]?.string, !reason.isEmpty {
            self.reason = reason
            try check(reason, candidate)
        }
        return events
    }

    package mutating func finish() throws(ModelError) -> [ModelEvent] {
        guard let reason else { throw draft.brokenOff }
        let end: ModelFinish.Reason =
            switch reason {
            case "MAX_TOKENS": .length
            case "SAFETY", "RECITATION", "LANGUAGE", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "IMAGE_SAFETY",
                "MODEL_ARMOR":
                .contentFilter
            default: .stop
            }
        return draft.end(end, usage: usage)
    }

    private mutating func add(_ call: JSONValue, signature: String?) throws(ModelError) {
        let position = try draft.begin(
            AnswerDraft.Call(
                id: call["id"]?.string ?? "", name: call["name"]?.string ?? "",
                arguments: JSONValue.object(call["args"]?.object ?? [:]).text))
        if let signature, signature.utf8.count <= ModelAttachment.sizeLimit {
            draft.attach(ModelAttachment(provider: draft.provider, content: signature), at: position)
        }
    }

    /// Ends that are failures: the model wrote no call that could be read, or we left something out.
    private func check(_ reason: String, _ candidate: JSONValue) throws(ModelError) {
        let code: ModelError.Code
        switch reason {
        case "MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS", "MALFORMED_RESPONSE":
            code = .unavailable
        case "MISSING_THOUGHT_SIGNATURE": code = .invalidRequest
        default: return
        }
        let message = candidate["finishMessage"]?.string.map { ": \($0)" } ?? ""
        throw ModelError(code, provider: draft.provider, detail: String((reason + message).prefix(500)))
    }

    private mutating func count(_ figures: JSONValue) {
        guard let prompt = figures["promptTokenCount"]?.integer else { return }
        usage = ModelUsage(
            promptTokens: prompt, cachedTokens: figures["cachedContentTokenCount"]?.integer ?? 0,
            completionTokens: (figures["candidatesTokenCount"]?.integer ?? 0)
                + (figures["thoughtsTokenCount"]?.integer ?? 0))
    }
}
