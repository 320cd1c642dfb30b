/// An outgoing WebSocket.
package struct WebSocketRequest: Sendable {
    /// `ws://` or `wss://`, host, optional port, path and query.
    package var url: String
    /// Added to the handshake, e.g. `("Authorization", "Bearer …")`.
    package var headers: [(String, String)]
    /// Offered in this order.
    package var subprotocols: [String]
    /// From the request to ``WebSocketHandler/opened(_:)``, name look-up included.
    package var openTimeout: Duration
    package var limits: WebSocketLimits

    package init(
        url: String, headers: [(String, String)] = [], subprotocols: [String] = [],
        openTimeout: Duration = .seconds(5), limits: WebSocketLimits = WebSocketLimits()
    ) {
        self.url = url
        self.headers = headers
        self.subprotocols = subprotocols
        self.openTimeout = openTimeout
        self.limits = limits
    }
}
