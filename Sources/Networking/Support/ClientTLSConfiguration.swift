/// How an outgoing TLS connection checks its peer.
package struct ClientTLSConfiguration: Sendable, Equatable {
    /// Off accepts any certificate: for tests and closed networks only.
    package var verifiesPeer: Bool
    /// A PEM file of certificate authorities to trust beside the system's.
    package var authorityFile: String?

    package init(verifiesPeer: Bool = true, authorityFile: String? = nil) {
        self.verifiesPeer = verifiesPeer
        self.authorityFile = authorityFile
    }
}
