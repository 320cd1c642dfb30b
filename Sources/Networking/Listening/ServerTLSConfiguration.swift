/// The identity a TLS listener shows.
package struct ServerTLSConfiguration: Sendable, Hashable {
    /// PEM file: the certificate, followed by its intermediates.
    package var certificateFile: String
    /// PEM file: the private key.
    package var privateKeyFile: String

    package init(certificateFile: String, privateKeyFile: String) {
        self.certificateFile = certificateFile
        self.privateKeyFile = privateKeyFile
    }
}
