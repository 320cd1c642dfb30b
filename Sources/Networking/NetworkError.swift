/// Why a network operation did not succeed.
///
/// The catch site decides by ``code``; the log reads ``description``; the retry loop needs only ``isRetryable``.
package struct NetworkError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What kind of failure it was, and what a caller should do about it.
    package enum Code: Sendable, Equatable {
        /// The configuration or the arguments cannot work; correct them.
        case invalidArgument
        /// A local resource is missing or exhausted (port in use, no descriptors, library start-up).
        case unavailable
        /// The host name did not resolve.
        case nameNotResolved
        /// Nobody answers at that address, or the connection broke while it was being made.
        case connectFailed
        /// The peer's certificate was not accepted, or TLS could not be agreed on.
        case tlsFailed
        /// The peer answered, but refused (an HTTP status other than the one wanted); see ``NetworkError/status``.
        case refused
        /// The peer broke the protocol.
        case protocolViolation
        /// A size or count limit of ours was reached.
        case limitExceeded
        /// The connection ended before the exchange did.
        case connectionLost
        /// No progress within the deadline that ``NetworkError/detail`` names.
        case deadlineExceeded
        /// We cancelled it, or the loop or client is shutting down. Never counts against a peer's health.
        case cancelled
    }

    package let code: Code
    /// What was attempted, e.g. `connect` or `GET`.
    package let operation: String
    /// The peer or object, e.g. `wss://api.example.com/v1/listen`. Never holds a query or credentials.
    package let subject: String
    /// The library's or peer's own words.
    package let detail: String
    /// The HTTP status with which the peer refused, if it did.
    package let status: Int?

    package init(_ code: Code, operation: String, subject: String, detail: String, status: Int? = nil) {
        self.code = code
        self.operation = operation
        self.subject = subject
        self.detail = detail
        self.status = status
    }

    /// Whether asking again, here or at another provider, can succeed.
    package var isRetryable: Bool {
        switch code {
        case .unavailable, .nameNotResolved, .connectFailed, .connectionLost, .deadlineExceeded: true
        case .refused: status.map { $0 >= 500 || $0 == 408 || $0 == 425 || $0 == 429 || $0 == 499 } ?? false
        case .invalidArgument, .tlsFailed, .protocolViolation, .limitExceeded, .cancelled: false
        }
    }

    package var description: String {
        let status = status.map { " with status \($0)" } ?? ""
        return "\(operation) \(subject) failed (\(code))\(status): \(detail)"
    }
}
