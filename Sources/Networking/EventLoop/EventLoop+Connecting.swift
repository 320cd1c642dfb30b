import CWebSockets

extension EventLoop {
    /// Opens a WebSocket to a server. The outcome arrives at `handler`, on the loop's thread:
    /// ``WebSocketHandler/opened(_:)``, or ``WebSocketHandler/closed(_:reason:)`` without a socket.
    ///
    /// The loop holds `handler` until then; from this call on it is used on the loop's thread.
    package func connect(_ request: WebSocketRequest, handler: any WebSocketHandler) {
        // SAFETY: the caller hands the handler over, as the documentation asks; only the loop's thread uses the box.
        let box = HandlerBox(handler: handler)
        post { self.begin(request, handler: box.handler) }
    }

    private func begin(_ request: WebSocketRequest, handler: any WebSocketHandler) {
        func fail(_ code: NetworkError.Code, _ detail: String) {
            let error = NetworkError(code, operation: "connect", subject: name, detail: detail)
            handler.closed(nil, reason: .failure(error))
        }
        guard let core = currentCore, !core.isShuttingDown else { return fail(.cancelled, "the loop is not running") }
        guard let target = WebSocketTarget(request.url) else {
            return fail(.invalidArgument, "the address must be a ws:// or wss:// URL")
        }
        let deadline = core.now + request.openTimeout.wholeMilliseconds
        let attempt = ConnectAttempt(target: target, request: request, handler: handler, deadline: deadline)
        guard request.isWellFormed else {
            let error = attempt.error(.invalidArgument, "a header or subprotocol holds characters that may not be sent")
            return handler.closed(nil, reason: .failure(error))
        }
        if SocketAddress.isNumeric(target.host) {
            attempt.addresses = [target.host]
            core.connectNext(attempt)
        } else {
            core.lookUpAndConnect(attempt)
        }
    }
}

/// Carries a handler to its loop.
@safe private struct HandlerBox: @unchecked Sendable {
    // @unchecked: made by whoever connects and opened on the loop's thread, where alone the handler is called.
    let handler: any WebSocketHandler
}

extension WebSocketRequest {
    /// Whether nothing in it could break out of its header line.
    fileprivate var isWellFormed: Bool {
        headers.allSatisfy { name, value in
            !name.isEmpty && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ":") }
                && value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
        }
            && subprotocols.allSatisfy { name in
                !name.isEmpty && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ",") }
            }
    }
}
