package import Networking

/// Why a model did not give an answer, or not all of it.
package struct ModelError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: String, Sendable, Codable, CaseIterable {
        /// The request is not acceptable as it is; correct it.
        case invalidRequest
        /// The key is missing, wrong or lacks rights; correct the configuration.
        case unauthorized
        /// There is no such model or address; correct the configuration.
        case notFound
        /// The provider withholds the answer because of its content.
        case contentFiltered
        /// The account has no budget left.
        case quotaExceeded
        /// Too many requests just now.
        case rateLimited
        /// As much of the account is in use as the configuration allows; nobody was asked. Never counts against a provider.
        case limited
        /// The provider has a fault or is overloaded.
        case unavailable
        /// Nobody answers, or the connection broke.
        case connectionLost
        /// No progress in time.
        case deadlineExceeded
        /// The provider sent something that is not of its protocol.
        case protocolViolation
        /// We gave it up. Never counts against a provider.
        case cancelled
    }

    package let code: Code
    /// The provider's base address, without query or credentials.
    package let provider: String
    /// The provider's or library's own text.
    package let detail: String
    /// The HTTP status, if there was one.
    package let status: Int?
    /// What the connection failed by, where it did.
    package let network: NetworkError.Code?
    /// How long the provider asked us to wait.
    package let retryAfter: Duration?
    /// What the provider itself says about asking again.
    private let shouldRetry: Bool?

    package init(
        _ code: Code, provider: String, detail: String, status: Int? = nil, retryAfter: Duration? = nil,
        shouldRetry: Bool? = nil, network: NetworkError.Code? = nil
    ) {
        self.code = code
        self.provider = provider
        self.detail = detail
        self.status = status
        self.retryAfter = retryAfter
        self.shouldRetry = shouldRetry
        self.network = network
    }

    /// Whether asking again, here or elsewhere, can succeed.
    package var isRetryable: Bool {
        if let shouldRetry { return shouldRetry }
        return switch code {
        case .rateLimited, .limited, .unavailable, .connectionLost, .deadlineExceeded: true
        case .invalidRequest, .unauthorized, .notFound, .contentFiltered, .quotaExceeded, .protocolViolation,
            .cancelled:
            false
        }
    }

    /// Whether another provider might answer what this one did not: its key, its account and its limits are its own.
    package var isWorthTryingElsewhere: Bool {
        switch code {
        case .cancelled, .contentFiltered: false
        case .invalidRequest, .unauthorized, .notFound, .quotaExceeded, .rateLimited, .limited, .unavailable,
            .connectionLost, .deadlineExceeded, .protocolViolation:
            true
        }
    }

    package var description: String {
        let status = status.map { " with status \($0)" } ?? ""
        return "the model at \(provider) gave no answer (\(code.rawValue))\(status): \(detail)"
    }
}
