/// What decides who may connect to a listener for plain streams.
package protocol StreamService: Sendable {
    /// The handler of a new connection; nil closes it at once. Runs on the loop's thread: decide at once, do not block.
    ///
    /// - Parameter remoteAddress: the peer's numeric address, without port.
    func accept(from remoteAddress: String, on loop: EventLoop) -> (any StreamHandler)?
}

/// The one side that consumes a plain stream. All calls come on the loop's thread.
package protocol StreamHandler: AnyObject {
    /// The connection is there; sending may begin.
    func opened(_ socket: StreamSocket)

    /// Some bytes of the peer, as they come. `bytes` is valid during the call only.
    func received(_ bytes: Span<UInt8>, on socket: StreamSocket)

    /// The end, exactly once.
    func closed(_ socket: StreamSocket, reason: WebSocketCloseReason)
}

/// What one plain stream may use, and how long it may be quiet.
package struct StreamLimits: Sendable, Equatable {
    /// Bytes that may wait for a peer that does not read, beyond what the kernel holds; more closes the stream.
    package var sendQueueBytes: Int
    /// Closes a peer that has sent nothing for this long. Checked every quarter of a second.
    package var idleTimeout: Duration
    /// How long the peer may take to read what is left and to close, once we have closed.
    package var closeTimeout: Duration

    package init(
        sendQueueBytes: Int = 64 * 1024, idleTimeout: Duration = .seconds(60), closeTimeout: Duration = .seconds(2)
    ) {
        self.sendQueueBytes = sendQueueBytes
        self.idleTimeout = idleTimeout
        self.closeTimeout = closeTimeout
    }
}
