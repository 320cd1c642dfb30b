/// What one socket may use, and how long it may be quiet.
package struct WebSocketLimits: Sendable, Equatable {
    /// What happens when a message does not fit the send queue. It is refused and counted in any case.
    package enum Overflow: Sendable, Equatable {
        /// Nothing more; the sender decides.
        case refuse
        /// The socket is closed, usually with 1008 (policy) or 1013 (try again later).
        case close(code: UInt16)
    }

    /// Received messages above this close the socket with 1009; fragments count together.
    package var maximumMessageBytes: Int
    /// Bytes that may wait for a peer that does not read, beyond what the kernel holds.
    package var sendQueueBytes: Int
    package var overflow: Overflow
    /// Ping a peer that has sent nothing for this long; nil never pings. Checked every quarter of a second.
    package var pingInterval: Duration?
    /// Close (1001) a peer that has sent nothing, not even a pong, for this long; nil waits forever.
    package var idleTimeout: Duration?
    /// How long a closing peer may take to confirm before the connection is cut.
    package var closeTimeout: Duration

    package init(
        maximumMessageBytes: Int = 256 * 1024, sendQueueBytes: Int = 512 * 1024,
        overflow: Overflow = .close(code: 1013),
        pingInterval: Duration? = .seconds(20), idleTimeout: Duration? = .seconds(60),
        closeTimeout: Duration = .seconds(2)
    ) {
        self.maximumMessageBytes = maximumMessageBytes
        self.sendQueueBytes = sendQueueBytes
        self.overflow = overflow
        self.pingInterval = pingInterval
        self.idleTimeout = idleTimeout
        self.closeTimeout = closeTimeout
    }
}
