/// Makes a ``ModelError`` of Google's error object.
enum GeminiFailure {
    /// - Parameter status: nil inside a stream.
    static func error(
        _ error: JSONValue, status: Int?, headers: ModelFailure.Headers, provider: String
    ) -> ModelError {
        let details = error["details"]?.array ?? []
        let hasBadKey = details.contains { $0["reason"]?.string == "API_KEY_INVALID" }
        let status = status ?? error["code"]?.integer
        let code: ModelError.Code =
            switch error["status"]?.string {
            case "INVALID_ARGUMENT", "FAILED_PRECONDITION", "OUT_OF_RANGE": hasBadKey ? .unauthorized : .invalidRequest
            case "UNAUTHENTICATED", "PERMISSION_DENIED": .unauthorized
            case "NOT_FOUND": .notFound
            case "RESOURCE_EXHAUSTED": .rateLimited
            case "UNAVAILABLE", "INTERNAL", "DEADLINE_EXCEEDED", "ABORTED", "CANCELLED", "UNKNOWN": .unavailable
            default: ModelFailure.code(status: status)
            }
        let delay = details.lazy.compactMap { $0["retryDelay"]?.string }.first
        return ModelError(
            code, provider: provider, detail: ModelFailure.detail(error), status: status,
            retryAfter: ModelFailure.retryAfter(headers) ?? delay.flatMap(seconds))
    }

    /// `12s`, `0.5s`.
    private static func seconds(_ text: String) -> Duration? {
        guard text.hasSuffix("s"), let value = Double(text.dropLast()), value >= 0 else { return nil }
        return .milliseconds(Int64(min(value, 3600) * 1000))
    }
}
