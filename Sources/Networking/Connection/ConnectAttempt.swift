/// The way of one outgoing WebSocket from request to open or failed: the addresses still to be tried.
final class ConnectAttempt {
    let target: WebSocketTarget
    let request: WebSocketRequest
    let handler: any WebSocketHandler
    /// Numeric, next one first.
    var addresses: [String] = []
    /// [ms on uv's clock]
    let deadline: UInt64
    var isLate = false
    /// Told by libwebsockets before the connection ends.
    var failure: NetworkError?

    init(target: WebSocketTarget, request: WebSocketRequest, handler: any WebSocketHandler, deadline: UInt64) {
        self.target = target
        self.request = request
        self.handler = handler
        self.deadline = deadline
    }

    /// The attempt on one address came to nothing: try the next one, or give up.
    func failed(_ reason: WebSocketCloseReason, core: LoopCore) {
        if isLate {
            return handler.closed(
                nil,
                reason: .failure(
                    error(.deadlineExceeded, "not open within \(request.openTimeout)")))
        }
        let failure = failure
        if core.isShuttingDown {
            return handler.closed(nil, reason: .failure(error(.cancelled, "the loop is shutting down")))
        }
        if failure?.code == .connectFailed, !addresses.isEmpty {
            self.failure = nil
            return core.connectNext(self)
        }
        handler.closed(nil, reason: failure.map { .failure($0) } ?? reason)
    }

    func error(_ code: NetworkError.Code, _ detail: String, status: Int? = nil) -> NetworkError {
        NetworkError(code, operation: "connect", subject: target.subject, detail: detail, status: status)
    }
}
