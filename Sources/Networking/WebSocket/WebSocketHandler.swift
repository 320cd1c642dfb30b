/// The one side that consumes a socket. All calls come on the loop's thread, so an actor pinned to that loop may answer
/// them with `assumeIsolated`.
package protocol WebSocketHandler: AnyObject {
    /// The handshake is done; sending may begin.
    func opened(_ socket: WebSocket)

    /// A whole message; fragments are joined. `message` is valid during the call only.
    func received(_ message: Span<UInt8>, kind: WebSocketMessageKind, on socket: WebSocket)

    /// The end, exactly once; also for a connection that never opened, in which case `socket` is nil.
    func closed(_ socket: WebSocket?, reason: WebSocketCloseReason)
}

package enum WebSocketMessageKind: Sendable, Equatable {
    /// Valid UTF-8; anything else was answered 1007.
    case text
    case binary
}

/// What became of a message given to ``WebSocket/send(text:)``.
package enum SendOutcome: Sendable, Equatable {
    /// Written, or waiting in the socket's queue.
    case queued
    /// Refused because the queue is full; counted, and the socket may be closing (``WebSocketLimits/Overflow``).
    case overflow
    /// Refused because the socket is closing or closed.
    case closed
}
