import Networking

/// A service made of two closures.
struct TestService: ListenerService {
    var answer: @Sendable (HTTPRequest) async -> HTTPResponse = { _ in .status(404) }
    var open: @Sendable (HTTPRequest, EventLoop) -> WebSocketUpgrade = { _, _ in .refuse(.status(404)) }

    func respond(to request: HTTPRequest) async -> HTTPResponse { await answer(request) }
    func upgrade(_ request: HTTPRequest, on loop: EventLoop) -> WebSocketUpgrade { open(request, loop) }

    /// Opens every socket and sends back what comes.
    static let echo = TestService(open: { _, _ in .accept(EchoHandler(), subprotocol: nil) })
}

final class EchoHandler: WebSocketHandler {
    func opened(_ socket: WebSocket) {}

    func received(_ message: Span<UInt8>, kind: WebSocketMessageKind, on socket: WebSocket) {
        switch kind {
        case .text: socket.send(text: message)
        case .binary: socket.send(binary: message)
        }
    }

    func closed(_ socket: WebSocket?, reason: WebSocketCloseReason) {}
}
