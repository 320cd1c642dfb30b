import Networking

/// A message of ours that asks for something.
enum StreamingRequest: Sendable, Equatable, ExpressibleByStringInterpolation {
    case text(String)
    case binary([UInt8])

    init(stringLiteral value: String) { self = .text(value) }

    /// - Returns: whether it was taken.
    func send(on socket: WebSocket) -> Bool {
        switch self {
        case .text(let text): socket.send(text: text.utf8Span.span) == .queued
        case .binary(let bytes): socket.send(binary: bytes.span) == .queued
        }
    }
}
