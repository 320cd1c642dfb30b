/// Makes a ``ModelError`` of Anthropic's error object, whose type says more than the status: inside a stream that is 200.
enum AnthropicFailure {
    /// - Parameter status: nil inside a stream.
    static func error(
        _ error: JSONValue, status: Int?, headers: ModelFailure.Headers, provider: String
    ) -> ModelError {
        let isOverspent = error["details"]?["error_code"]?.string == "enforced_spend_limit_reached"
        let code: ModelError.Code =
            switch isOverspent ? "billing_error" : error["type"]?.string {
            case "invalid_request_error", "request_too_large": .invalidRequest
            case "authentication_error", "permission_error": .unauthorized
            case "billing_error": .quotaExceeded
            case "not_found_error": .notFound
            case "rate_limit_error": .rateLimited
            case "api_error", "overloaded_error", "timeout_error": .unavailable
            default: status == 413 ? .invalidRequest : ModelFailure.code(status: status)
            }
        let retryAfter = ModelFailure.retryAfter(headers)
        var shouldRetry = ModelFailure.shouldRetry(headers)
        // A limit that names no time does not pass by waiting.
        if status == 429, code == .rateLimited, retryAfter == nil { shouldRetry = shouldRetry ?? false }
        return ModelError(
            code, provider: provider, detail: ModelFailure.detail(error), status: status, retryAfter: retryAfter,
            shouldRetry: shouldRetry)
    }
}
