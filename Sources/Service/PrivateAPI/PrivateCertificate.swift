import NIOSSL
import Networking

/// The certificate that the private plane shows. It may be another one for connections from now on; those there are stay.
final class PrivateCertificate: Sendable {
    private let files: ServerTLSConfiguration
    private let current: Lock<NIOSSLContext>

    /// - Throws: when a file cannot be read, holds no PEM, or the two do not fit together.
    init(_ files: ServerTLSConfiguration) throws {
        self.files = files
        current = Lock(try Self.context(files))
    }

    /// For a handshake that begins now.
    var context: NIOSSLContext { current.withLock { $0 } }

    /// Takes up what is in the files by now.
    func renew() throws {
        let renewed = try Self.context(files)
        current.withLock { $0 = renewed }
    }

    private static func context(_ files: ServerTLSConfiguration) throws -> NIOSSLContext {
        _ = try files.look()
        let chain = try NIOSSLCertificate.fromPEMFile(files.certificateFile)
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: files.privateKeyFile, format: .pem)))
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        return try NIOSSLContext(configuration: configuration)
    }
}
