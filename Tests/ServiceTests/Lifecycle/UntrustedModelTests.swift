import Foundation
import Logging
import Networking
import Testing

@testable import Service

@Suite("What the check says of a model server whose certificate is not trusted")
struct UntrustedModelTests {
    /// Would know every model, if anybody asked.
    private struct ModelServer: ListenerService {
        func respond(to request: HTTPRequest) async -> HTTPResponse { .text("{}", status: 200) }
        func upgrade(_ request: HTTPRequest, on loop: EventLoop) -> WebSocketUpgrade { .refuse(.nothingHere) }
    }

    /// Makes a self-signed certificate for this machine's loopback address.
    private static func make(in folder: URL) throws -> ServerTLSConfiguration {
        let tls = ServerTLSConfiguration(
            certificateFile: folder.appending(path: "certificate.pem").path,
            privateKeyFile: folder.appending(path: "key.pem").path)
        let openssl = Process()
        openssl.executableURL = URL(filePath: "/usr/bin/env")
        openssl.arguments = [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-keyout", tls.privateKeyFile, "-out", tls.certificateFile, "-days", "60", "-subj", "/CN=parley-test",
            "-addext", "subjectAltName=IP:127.0.0.1",
        ]
        openssl.standardError = FileHandle.nullDevice
        try openssl.run()
        openssl.waitUntilExit()
        try #require(openssl.terminationStatus == 0)
        return tls
    }

    @Test("is that TLS fails, and not that there is no such model")
    func untrusted() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "parley-model-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let loop = EventLoop(name: "model", logger: LogCollector().logger)
        try loop.start()
        let port = try await loop.listen(
            ListenerConfiguration(host: "127.0.0.1", port: 0, tls: try Self.make(in: folder)), service: ModelServer())
        var configuration = ParleyConfiguration()
        var provider = ParleyConfiguration.Provider(kind: .openai)
        provider.url = "https://127.0.0.1:\(port)/v1"
        provider.model = "some-model"
        configuration.providers["it"] = provider
        let findings = await SystemCheck.providers(configuration)
        await loop.shutdown()
        #expect(findings.map(\.isOK) == [false], "\(findings)")
        #expect(findings[0].detail.hasPrefix("TLS fails at `providers.it.url`"), "\(findings)")
        #expect(!findings[0].detail.contains("no such model"), "\(findings)")
    }
}
