import Networking

/// Passes every event of a socket on as a value, so that a test can await it.
final class RecordingHandler: WebSocketHandler, Sendable {
    enum Event: Sendable, Equatable {
        case opened
        case message([UInt8], WebSocketMessageKind)
        case closed(hadSocket: Bool, WebSocketCloseReason)
    }

    private let continuation: AsyncStream<Event>.Continuation
    private let onOpen: @Sendable (WebSocket) -> Void
    let events: AsyncStream<Event>

    init(onOpen: @escaping @Sendable (WebSocket) -> Void = { _ in }) {
        (events, continuation) = AsyncStream.makeStream()
        self.onOpen = onOpen
    }

    func opened(_ socket: WebSocket) {
        continuation.yield(.opened)
        onOpen(socket)
    }

    func received(_ message: Span<UInt8>, kind: WebSocketMessageKind, on socket: WebSocket) {
        continuation.yield(.message(Array(copying: message), kind))
    }

    func closed(_ socket: WebSocket?, reason: WebSocketCloseReason) {
        continuation.yield(.closed(hadSocket: socket != nil, reason))
        continuation.finish()
    }
}

extension Array where Element == UInt8 {
    init(copying span: Span<UInt8>) {
        self = unsafe span.withUnsafeBufferPointer { unsafe Array($0) }
    }
}
