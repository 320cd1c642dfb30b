/// How one request to a provider ended, as far as the provider is concerned.
package enum ModelOutcome: Sendable, Equatable {
    /// It answered to the end, or withheld its answer, as is its right.
    case answered
    /// We gave it up: the caller spoke, or another was faster.
    case cancelledByUs
    /// Nothing was asked that it could have answered.
    case nothingRequested
    /// Its fault. Only this counts against it.
    ///
    /// - Parameters:
    ///   - retryable: whether time heals it; a wrong key or an empty account needs a person.
    ///   - retryAfter: how long it asked us to stay away.
    case failed(retryable: Bool, retryAfter: Duration?)

    package init(_ error: ModelError) {
        self =
            switch error.code {
            case .cancelled: .cancelledByUs
            case .contentFiltered: .answered
            // One call's odd conversation must not take the provider from all other calls.
            case .invalidRequest, .limited: .nothingRequested
            case .rateLimited, .unavailable, .connectionLost, .deadlineExceeded:
                .failed(retryable: true, retryAfter: error.retryAfter)
            case .unauthorized, .notFound, .quotaExceeded, .protocolViolation:
                .failed(retryable: false, retryAfter: error.retryAfter)
            }
    }
}
