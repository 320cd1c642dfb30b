package import Networking

extension SpeechError {
    /// A vendor's connection that did not open, or broke.
    package init(_ error: NetworkError, provider: String) {
        let code: Code =
            switch error.code {
            case .invalidArgument, .tlsFailed: .refused
            case .refused:
                switch error.status {
                case 401, 402, 403: .unauthorized
                case 429: .overloaded
                case .some(let status) where status >= 500 || status == 408: .unavailable
                default: .refused
                }
            case .deadlineExceeded: .deadlineExceeded
            case .cancelled: .cancelled
            case .unavailable, .nameNotResolved, .connectFailed, .protocolViolation, .limitExceeded, .connectionLost:
                .unavailable
            }
        let status = error.status.map { "HTTP status \($0): " } ?? ""
        self.init(
            code, operation: "\(error.operation) \(error.subject)", provider: provider, detail: status + error.detail)
    }

    /// A vendor's socket that closed although it was wanted.
    ///
    /// - Parameters:
    ///   - refusals: the close codes with which this vendor refuses what we sent; trying again cannot help.
    ///   - denials: those with which it refuses our account.
    package init(
        _ reason: WebSocketCloseReason, operation: String, provider: String, refusals: Set<UInt16>,
        denials: Set<UInt16> = []
    ) {
        switch reason {
        case .failure(let error): self.init(error, provider: provider)
        case .peer(let code, let text):
            self.init(
                denials.contains(code) ? .unauthorized : refusals.contains(code) ? .refused : .unavailable,
                operation: operation, provider: provider,
                detail: "closed with \(code)\(text.isEmpty ? "" : " \(text)")")
        case .local(let code, let text):
            // With any other code it was our socket's limits (too large, too slow, idle), and a new one may serve.
            self.init(
                code == 1000 ? .cancelled : .unavailable, operation: operation, provider: provider,
                detail: "we closed it with \(code)\(text.isEmpty ? "" : " \(text)")")
        }
    }
}
