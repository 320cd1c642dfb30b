/// How one piece of work of a provider ended, as far as its health is concerned.
package enum ProviderOutcome: Sendable, Equatable {
    case answered
    /// We gave it up: the caller spoke, or another was faster.
    case cancelledByUs
    /// Nothing was asked that it could have done.
    case nothingRequested
    /// Its fault. Only this counts against it.
    ///
    /// - Parameter retryable: whether time heals it; a wrong key needs a person.
    case failed(retryable: Bool)

    package init(_ error: SpeechError) {
        self =
            switch error.code {
            case .cancelled: .cancelledByUs
            // One call's odd text or language must not take the provider from all other calls.
            case .refused, .invalidModel, .limited: .nothingRequested
            case .unauthorized: .failed(retryable: false)
            case .overloaded, .unavailable, .deadlineExceeded: .failed(retryable: true)
            }
    }
}
