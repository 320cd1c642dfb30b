/// The limits of one event loop. Every limit is enforced and what it turns away is counted.
package struct EventLoopConfiguration: Sendable, Equatable {
    /// Accepted connections at one time, HTTP and WebSocket together. For a further one the one is closed that has waited
    /// longest for a request; where something is under way on all of them, it is answered 503 and closed.
    package var maximumConnections: Int
    /// Request line and headers together, in bytes, 1,024 ... 65,535; larger ones are closed.
    package var maximumHeaderBytes: Int
    /// From accept (or from the first byte of a later request) to the end of the headers; whole seconds, at least 1.
    package var handshakeTimeout: Duration
    /// How long a kept-alive HTTP connection may wait for its next request; whole seconds, at least 1.
    package var keepAliveTimeout: Duration
    /// How long ``EventLoop/shutdown()`` waits for peers to take part in closing.
    package var shutdownGrace: Duration
    /// Whether the thread asks the system to be run before ordinary ones (SCHED_RR). A refusal is logged and the loop runs
    /// as an ordinary thread.
    package var wantsRealTime: Bool
    /// How long a busy loop lets messages gather before it looks again, so that many are handled for one wake-up of the
    /// thread; zero looks at once. A loop that has less to do than that does so anyway.
    package var gather: Duration
    /// How connections *we* make check their peers.
    package var clientTLS: ClientTLSConfiguration

    package init(
        maximumConnections: Int = 4096, maximumHeaderBytes: Int = 8192, handshakeTimeout: Duration = .seconds(5),
        keepAliveTimeout: Duration = .seconds(15), shutdownGrace: Duration = .seconds(1),
        wantsRealTime: Bool = false, gather: Duration = .zero,
        clientTLS: ClientTLSConfiguration = ClientTLSConfiguration()
    ) {
        self.maximumConnections = maximumConnections
        self.maximumHeaderBytes = maximumHeaderBytes
        self.handshakeTimeout = handshakeTimeout
        self.keepAliveTimeout = keepAliveTimeout
        self.shutdownGrace = shutdownGrace
        self.wantsRealTime = wantsRealTime
        self.gather = gather
        self.clientTLS = clientTLS
    }
}
