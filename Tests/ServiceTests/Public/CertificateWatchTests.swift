import Foundation
import Networking
import Testing

@testable import Service

@Suite("The public listener's certificate")
struct CertificateWatchTests {
    /// Makes a self-signed certificate in a folder.
    private func make(in folder: URL, days: Int) throws -> ServerTLSConfiguration {
        let tls = ServerTLSConfiguration(
            certificateFile: folder.appending(path: "certificate.pem").path,
            privateKeyFile: folder.appending(path: "key.pem").path)
        let openssl = Process()
        openssl.executableURL = URL(filePath: "/usr/bin/env")
        openssl.arguments = [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
            "-nodes", "-keyout",
            tls.privateKeyFile, "-out", tls.certificateFile, "-days", "\(days)", "-subj",
            "/CN=parley-test",
        ]
        openssl.standardError = FileHandle.nullDevice
        try openssl.run()
        openssl.waitUntilExit()
        #expect(openssl.terminationStatus == 0)
        return tls
    }

    private func withFolder(_ body: (URL) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "parley-watch-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await body(folder)
    }

    @Test(
        "is taken up when its files have changed and fit, and not when one is missing or they do not fit, which is said"
    )
    func renewed() async throws {
        try await withFolder { folder in
            let tls = try make(in: folder, days: 90)
            let log = LogCollector()
            var watch = CertificateWatch(tls, logger: log.logger)
            var taken = await watch.look()
            #expect(!taken)
            let old = try Data(contentsOf: URL(filePath: tls.privateKeyFile))
            try FileManager.default.removeItem(atPath: tls.privateKeyFile)
            taken = await watch.look()
            #expect(!taken)
            _ = try make(in: folder, days: 30)
            let new = try Data(contentsOf: URL(filePath: tls.privateKeyFile))
            try old.write(to: URL(filePath: tls.privateKeyFile))
            taken = await watch.look()
            #expect(!taken)
            #expect(log.contains("a changed certificate is not taken up", "key of another certificate"))
            try new.write(to: URL(filePath: tls.privateKeyFile))
            taken = await watch.look()
            #expect(taken)
            #expect(log.contains("a renewed certificate is taken up", "days="))
            taken = await watch.look()
            #expect(!taken)
        }
    }

    @Test("is taken up at a later look where that failed, which is said once, and is said to be taken up only then")
    func failed() async throws {
        struct Refusal: Error {}
        try await withFolder { folder in
            let tls = try make(in: folder, days: 90)
            let log = LogCollector()
            var watch = CertificateWatch(tls, logger: log.logger)
            _ = try make(in: folder, days: 30)
            for _ in 0..<2 {
                let taken = await watch.look { throw Refusal() }
                #expect(!taken)
            }
            #expect(log.contains("a changed certificate is not taken up", "Refusal"))
            #expect(!log.contains("a renewed certificate is taken up"))
            let taken = await watch.look()
            #expect(taken && log.contains("a renewed certificate is taken up"))
        }
    }

    @Test("is checked: when it ends, and whether the key is its own")
    func checked() async throws {
        try await withFolder { folder in
            var configuration = ParleyConfiguration()
            #expect(SystemCheck.certificates(configuration).isEmpty)
            let tls = try make(in: folder, days: 90)
            configuration.public.tls.certificate = tls.certificateFile
            configuration.public.tls.key = tls.privateKeyFile
            let good = try #require(SystemCheck.certificates(configuration).first)
            #expect(
                good.isOK && good.detail.contains("it ends in") && !good.detail.contains("renew"))
            _ = try make(in: folder, days: 5)
            let soon = try #require(SystemCheck.certificates(configuration).first)
            #expect(soon.isOK && soon.detail.contains("renew it"))
            configuration.public.tls.key = tls.certificateFile
            let wrong = try #require(SystemCheck.certificates(configuration).first)
            #expect(!wrong.isOK && wrong.detail.contains("private key"))
        }
    }
}
