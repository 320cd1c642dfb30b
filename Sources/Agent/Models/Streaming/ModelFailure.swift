import Networking

/// What all providers' refusals have in common.
enum ModelFailure {
    typealias Headers = [(name: String, value: String)]

    /// What a status means where the body does not say it better; nil is an error inside a stream.
    static func code(status: Int?) -> ModelError.Code {
        switch status {
        case 401, 403: .unauthorized
        case 402: .quotaExceeded
        case 404: .notFound
        case 408: .deadlineExceeded
        case 429: .rateLimited
        // 498 and 499: some servers' "no capacity" and "cancelled".
        case 409, 498, 499: .unavailable
        case .some(400..<500): .invalidRequest
        default: .unavailable
        }
    }

    /// How long the headers ask us to wait.
    static func retryAfter(_ headers: Headers) -> Duration? {
        if let milliseconds = value("retry-after-ms", headers).flatMap(Double.init), milliseconds >= 0 {
            return .milliseconds(Int64(min(milliseconds, 3_600_000)))
        }
        return value("retry-after", headers).flatMap { RetryAfter.duration($0) }
    }

    /// What the provider itself says about asking again.
    static func shouldRetry(_ headers: Headers) -> Bool? {
        value("x-should-retry", headers).flatMap { ["true": true, "false": false][$0] }
    }

    /// The error object of a body: `{"error":{…}}`, the same in an array, the error itself at the top, or a text of a
    /// proxy.
    static func object(_ body: String) -> JSONValue {
        guard let parsed = try? JSONValue(parsing: body) else { return .string(String(body.prefix(300))) }
        let outer = parsed[0] ?? parsed
        return outer["error"] ?? outer
    }

    static func detail(_ error: JSONValue) -> String {
        String((error["message"]?.string ?? error.string ?? error.text).prefix(500))
    }

    static func error(_ error: NetworkError, provider: String) -> ModelError {
        let code: ModelError.Code =
            switch error.code {
            case .cancelled: .cancelled
            case .deadlineExceeded: .deadlineExceeded
            case .invalidArgument, .tlsFailed: .notFound
            case .protocolViolation: .protocolViolation
            case .limitExceeded, .unavailable, .refused: .unavailable
            case .nameNotResolved, .connectFailed, .connectionLost: .connectionLost
            }
        return ModelError(code, provider: provider, detail: error.detail, network: error.code)
    }

    private static func value(_ name: String, _ headers: Headers) -> String? {
        headers.first { $0.name == name }?.value
    }
}
