/// Why a recognizer or synthesizer could not do its work.
///
/// The catch site decides by ``code``; the log reads ``description``; the retry loop needs only ``isRetryable``.
package struct SpeechError: Error, Sendable, Equatable, CustomStringConvertible {
    package enum Code: Sendable, Equatable {
        /// The pool of decoders or voices is full; the work was refused, not queued.
        case overloaded
        /// As much of the account is in use as the configuration allows; nothing was asked of the provider.
        case limited
        /// The provider could not be reached, or closed the connection.
        case unavailable
        /// The provider does not know our key, or the account may not use it; a person has to see to it.
        case unauthorized
        /// The provider refused the request (parameters, a closed account).
        case refused
        /// No progress within the deadline of the current phase.
        case deadlineExceeded
        /// Model files are absent or damaged, or a word has no pronunciation.
        case invalidModel
        /// We cancelled it. Never counts against a provider's health.
        case cancelled
    }

    package let code: Code
    /// What was attempted, e.g. `ps_start_utt` or `GET /v1/listen`.
    package let operation: String
    /// The provider or engine, e.g. `pocketsphinx`.
    package let provider: String
    /// The library's or vendor's own words.
    package let detail: String

    package init(_ code: Code, operation: String, provider: String, detail: String) {
        self.code = code
        self.operation = operation
        self.provider = provider
        self.detail = detail
    }

    /// Whether asking again, here or at another provider, can succeed.
    package var isRetryable: Bool {
        switch code {
        case .overloaded, .limited, .unavailable, .deadlineExceeded: true
        case .unauthorized, .refused, .invalidModel, .cancelled: false
        }
    }

    /// The same with another verdict.
    func about(_ code: Code) -> SpeechError {
        SpeechError(code, operation: operation, provider: provider, detail: detail)
    }

    package var description: String { "\(provider): \(operation) failed (\(code)): \(detail)" }
}
