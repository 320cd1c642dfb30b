/// Where and how to accept connections.
package struct ListenerConfiguration: Sendable, Equatable {
    /// A numeric address, IPv4 or IPv6.
    package var host: String
    /// 0 takes any free port.
    package var port: Int
    /// Whether several loops listen on this port (`SO_REUSEPORT`); the kernel then spreads connections over them.
    package var sharesPort: Bool
    /// Connections the kernel may hold for us.
    package var backlog: Int
    /// Nil serves plain text.
    package var tls: ServerTLSConfiguration?
    /// Request bodies above this are answered 413.
    package var maximumBodyBytes: Int
    /// From the end of the headers to the end of the body; a slower one is answered 408.
    package var bodyTimeout: Duration
    /// How long the service may take; then the answer is 503.
    package var responseTimeout: Duration
    /// Limits of the sockets accepted here.
    package var webSocket: WebSocketLimits

    package init(
        host: String = "127.0.0.1", port: Int = 0, sharesPort: Bool = false, backlog: Int = 1024,
        tls: ServerTLSConfiguration? = nil,
        maximumBodyBytes: Int = 65536,
        bodyTimeout: Duration = .seconds(10), responseTimeout: Duration = .seconds(10),
        webSocket: WebSocketLimits = WebSocketLimits()
    ) {
        self.host = host
        self.port = port
        self.sharesPort = sharesPort
        self.backlog = backlog
        self.tls = tls
        self.maximumBodyBytes = maximumBodyBytes
        self.bodyTimeout = bodyTimeout
        self.responseTimeout = responseTimeout
        self.webSocket = webSocket
    }
}
