/// The limits of one HTTP client. Every limit is enforced and what it turns away is counted.
package struct HTTPClientConfiguration: Sendable, Equatable {
    package enum Proxy: Sendable, Equatable {
        /// What `https_proxy`, `http_proxy` and `no_proxy` say.
        case environment
        case none
        case url(String)
    }

    /// Requests under way at one time, until their bodies are read; further ones fail at once.
    package var maximumRequests: Int
    /// Connections to one host; further requests wait for one, within their deadlines.
    package var maximumConnectionsPerHost: Int
    /// Status line and headers of an answer, in bytes.
    package var maximumHeaderBytes: Int
    /// Bytes of a body that may wait to be read before the sender is held back.
    package var bodyBufferBytes: Int
    package var proxy: Proxy
    package var tls: ClientTLSConfiguration
    /// Where connections may go. With a proxy it is the proxy's address that is judged.
    package var addresses: AddressPolicy
    /// Sent unless the request has its own.
    package var userAgent: String

    package init(
        maximumRequests: Int = 512, maximumConnectionsPerHost: Int = 64, maximumHeaderBytes: Int = 65536,
        bodyBufferBytes: Int = 256 * 1024, proxy: Proxy = .environment,
        tls: ClientTLSConfiguration = ClientTLSConfiguration(),
        addresses: AddressPolicy = .any, userAgent: String = "parley"
    ) {
        self.maximumRequests = maximumRequests
        self.maximumConnectionsPerHost = maximumConnectionsPerHost
        self.maximumHeaderBytes = maximumHeaderBytes
        self.bodyBufferBytes = bodyBufferBytes
        self.proxy = proxy
        self.tls = tls
        self.addresses = addresses
        self.userAgent = userAgent
    }
}
