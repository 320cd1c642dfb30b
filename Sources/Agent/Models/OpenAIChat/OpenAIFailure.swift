/// Makes a ``ModelError`` of what a server of OpenAI's protocols says when it refuses.
enum OpenAIFailure {
    /// Of an answer whose status is not 200.
    static func error(
        status: Int, headers: ModelFailure.Headers, body: String, provider: String
    ) -> ModelError {
        error(ModelFailure.object(body), status: status, headers: headers, provider: provider)
    }

    /// Of an error object, before or inside the stream.
    static func error(
        _ error: JSONValue, status: Int?, headers: ModelFailure.Headers, provider: String
    ) -> ModelError {
        let words = [error["code"]?.string ?? "", error["type"]?.string ?? ""]
        let status = status ?? error["code"]?.integer
        let kind: ModelError.Code =
            if words.contains("insufficient_quota") {
                .quotaExceeded
            } else if words.contains("content_filter") {
                .contentFiltered
            } else if words[0] == "rate_limit_exceeded" {
                .rateLimited
            } else if status == nil, ["invalid_request_error", "invalid_prompt"].contains(where: words.contains) {
                .invalidRequest
            } else {
                ModelFailure.code(status: status)
            }
        return ModelError(
            kind, provider: provider, detail: ModelFailure.detail(error), status: status,
            retryAfter: ModelFailure.retryAfter(headers), shouldRetry: ModelFailure.shouldRetry(headers))
    }
}
