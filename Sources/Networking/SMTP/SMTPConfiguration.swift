/// A mail server and how it is talked to.
package struct SMTPConfiguration: Sendable, Equatable {
    package enum Security: String, Sendable, CaseIterable {
        /// TLS from the first byte: `smtps`, usually port 465.
        case tls
        /// TLS before anything is said (RFC 3207), usually port 587. A server that does not offer it gets nothing.
        case startTLS
        /// Everybody on the way may read and change it.
        case none
    }

    package var host: String
    package var port: Int
    package var security: Security
    /// No authentication without it.
    package var user: String?
    package var password: String
    package var tls: ClientTLSConfiguration
    /// Where connections may go.
    package var addresses: AddressPolicy

    package init(
        host: String, port: Int, security: Security, user: String? = nil, password: String = "",
        tls: ClientTLSConfiguration = ClientTLSConfiguration(), addresses: AddressPolicy = .any
    ) {
        self.host = host
        self.port = port
        self.security = security
        self.user = user
        self.password = password
        self.tls = tls
        self.addresses = addresses
    }
}
