import Foundation
import Networking

/// Makes a ``ModelError`` of what a chat-completions server says when it refuses.
enum OpenAIChatFailure {
    /// Of an answer whose status is not 200.
    static func error(
        status: Int, headers: [(name: String, value: String)], body: String, provider: String
    ) -> ModelError {
        let parsed = try? JSONValue(parsing: body)
        // `{"error":{…}}`, or the error itself at the top, or a text of a proxy.
        let error = parsed?["error"] ?? parsed ?? .string(String(body.prefix(300)))
        return self.error(error, status: status, headers: headers, provider: provider)
    }

    /// Of an error object, before or inside the stream.
    static func error(
        _ error: JSONValue, status: Int?, headers: [(name: String, value: String)], provider: String
    ) -> ModelError {
        let message = error["message"]?.string ?? error.string ?? error.text
        let code = error["code"]?.string ?? ""
        let type = error["type"]?.string ?? ""
        let status = status ?? error["code"]?.integer
        let kind: ModelError.Code =
            if [code, type].contains("insufficient_quota") {
                .quotaExceeded
            } else if [code, type].contains("content_filter") {
                .contentFiltered
            } else if code == "rate_limit_exceeded" {
                .rateLimited
            } else {
                switch status {
                case 401, 403: .unauthorized
                case 404: .notFound
                case 408: .deadlineExceeded
                case 429: .rateLimited
                case 409: .unavailable
                case .some(400..<500) where status != 498 && status != 499: .invalidRequest
                case nil where type == "invalid_request_error": .invalidRequest
                default: .unavailable
                }
            }
        func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
        let shouldRetry = header("x-should-retry").flatMap { ["true": true, "false": false][$0] }
        return ModelError(
            kind, provider: provider, detail: String(message.prefix(500)), status: status,
            retryAfter: retryAfter(header("retry-after-ms"), header("retry-after")), shouldRetry: shouldRetry)
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
        return ModelError(code, provider: provider, detail: error.detail)
    }

    private static func retryAfter(_ milliseconds: String?, _ seconds: String?) -> Duration? {
        if let milliseconds = milliseconds.flatMap(Double.init), milliseconds >= 0 {
            return .milliseconds(Int64(min(milliseconds, 3_600_000)))
        }
        // An HTTP date would need the wall clock; a call cannot wait that long anyway.
        return seconds.flatMap(Double.init).flatMap { $0 >= 0 ? .milliseconds(Int64(min($0, 3600) * 1000)) : nil }
    }
}
