/// What answers on a listener.
package protocol ListenerService: Sendable {
    /// Answers an ordinary request. Runs off the loop; cancelled when the client goes away or
    /// ``ListenerConfiguration/responseTimeout`` passes.
    func respond(to request: HTTPRequest) async -> HTTPResponse

    /// Decides whether a WebSocket may open. Runs on the loop's thread: decide at once, do not block.
    func upgrade(_ request: HTTPRequest, on loop: EventLoop) -> WebSocketUpgrade
}

/// The answer to a request to open a WebSocket.
package enum WebSocketUpgrade {
    /// Open it; the handler is used on the loop's thread only. `subprotocol`, if any, must be one the client offered
    /// (``HTTPRequest/subprotocols``), or the client gets a 400.
    case accept(any WebSocketHandler, subprotocol: String?)
    case refuse(HTTPResponse)
}
