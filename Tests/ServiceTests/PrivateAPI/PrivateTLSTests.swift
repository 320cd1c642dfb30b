import Foundation
import Logging
import Networking
import ServiceLifecycle
import Store
import Testing

@testable import Service

@Suite("The private plane over TLS")
struct PrivateTLSTests {
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

    private static func withFolder(_ body: (URL) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "parley-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await body(folder)
    }

    /// A new connection that trusts just that certificate.
    private static func status(_ port: Int, trusting certificate: String) async throws -> Int {
        let client = HTTPClient(
            configuration: HTTPClientConfiguration(
                proxy: .none, tls: ClientTLSConfiguration(authorityFile: certificate)), logger: LogCollector().logger)
        let answer: Result<Int, NetworkError>
        do throws(NetworkError) {
            answer = .success(try await client.send(HTTPClientRequest(url: "https://127.0.0.1:\(port)/healthz")).status)
        } catch { answer = .failure(error) }
        await client.shutdown()
        return try answer.get()
    }

    @Test("a certificate that is renewed is shown without a restart; one that does not fit is not")
    func renewal() async throws {
        try await Self.withFolder { folder in
            let tls = try Self.make(in: folder)
            let first = folder.appending(path: "first.pem").path
            try FileManager.default.copyItem(atPath: tls.certificateFile, toPath: first)
            var configuration = ParleyConfiguration.Private()
            (configuration.port, configuration.tls.certificate) = (0, tls.certificateFile)
            configuration.tls.key = tls.privateKeyFile
            let log = LogCollector()
            let (ports, sink) = AsyncStream.makeStream(of: Int.self)
            let plane = PrivateAPI(
                configuration: configuration, readiness: Readiness(), metrics: PrometheusRegistry(),
                logger: log.logger, certificatePause: .milliseconds(10), listening: { sink.yield($0) })
            let group = ServiceGroup(services: [plane], logger: log.logger)
            try await withThrowingTaskGroup { tasks in
                tasks.addTask {
                    defer { sink.finish() }
                    try await group.run()
                }
                var iterator = ports.makeAsyncIterator()
                let port = try #require(await iterator.next())
                let outcome: Result<Void, any Error>
                do {
                    #expect(try await Self.status(port, trusting: first) == 200)
                    // Another key alone: the certificate of before stays.
                    let other = folder.appending(path: "other")
                    try FileManager.default.createDirectory(at: other, withIntermediateDirectories: true)
                    let renewed = try Self.make(in: other)
                    func put(_ from: String, at to: String) throws {
                        try Data(contentsOf: URL(filePath: from)).write(to: URL(filePath: to))
                    }
                    try put(renewed.privateKeyFile, at: tls.privateKeyFile)
                    try await Self.wait { log.contains("a changed certificate is not taken up") }
                    #expect(try await Self.status(port, trusting: first) == 200)
                    try put(renewed.certificateFile, at: tls.certificateFile)
                    try await Self.wait { log.contains("a renewed certificate is taken up") }
                    try await Self.wait {
                        (try? await Self.status(port, trusting: renewed.certificateFile)) == 200
                    }
                    await #expect(throws: NetworkError.self) { try await Self.status(port, trusting: first) }
                    outcome = .success(())
                } catch { outcome = .failure(error) }
                await group.triggerGracefulShutdown()
                try await tasks.waitForAll()
                try outcome.get()
            }
        }
    }

    private static func wait(until isSo: () async -> Bool) async throws {
        let end = ContinuousClock.now + .seconds(10)
        while await !isSo() {
            try #require(ContinuousClock.now < end)
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    @Test(
        "a browser is told to come back over TLS only, but on one's own machine",
        arguments: [
            ("parley.example.com", true), ("Parley.example.com:8090", true), ("10.0.0.7:8090", true),
            ("[2001:db8::1]:8090", true), ("localhost:8090", false), ("LOCALHOST", false), ("127.0.0.1:8090", false),
            ("127.1.2.3", false), ("[::1]:8090", false), (nil, false),
        ] as [(String?, Bool)])
    func strict(authority: String?, isTold: Bool) {
        #expect(SafetyHeadersMiddleware.holdsToTLS(authority) == isTold)
    }

    @Test("a console that signs in over TLS keeps its cookie there")
    func console() async throws {
        try await Self.withFolder { folder in
            let tls = try Self.make(in: folder)
            try await ServiceUnderTest.withService(configure: { configuration, _ in
                configuration.private.tls.certificate = tls.certificateFile
                configuration.private.tls.key = tls.privateKeyFile
            }) { service, _, log, _ in
                let port = try await service.privateReachable()
                let client = HTTPClient(
                    configuration: HTTPClientConfiguration(
                        proxy: .none, tls: ClientTLSConfiguration(authorityFile: tls.certificateFile)),
                    logger: log.logger)
                let (key, record) = KeyRing.make(name: "desk", scope: .operator, at: Date())
                try await service.store.add(record)
                let signIn = try await client.send(
                    HTTPClientRequest(
                        method: "POST", url: "https://127.0.0.1:\(port)/api/v1/session",
                        headers: [("content-type", "application/json"), ("origin", "https://127.0.0.1:\(port)")],
                        body: Array(#"{"key":"\#(key)"}"#.utf8)))
                #expect(signIn.status == 200)
                let cookie = try #require(signIn[header: "set-cookie"])
                #expect(cookie.hasSuffix("HttpOnly; SameSite=Strict; Secure"))
                // On this machine it would hold for whatever else listens here.
                #expect(signIn[header: "strict-transport-security"] == nil)
                let page = try await client.send(
                    HTTPClientRequest(
                        url: "https://127.0.0.1:\(port)/api/v1/calls",
                        headers: [("cookie", String(cookie.prefix { $0 != ";" }))]))
                #expect(page.status == 200)
                // Somebody who speaks plain HTTP gets nothing.
                await #expect(throws: NetworkError.self) {
                    try await client.send(HTTPClientRequest(url: "http://127.0.0.1:\(port)/healthz"))
                }
                await client.shutdown()
                _ = try await service.reachable()
            }
        }
    }

    @Test("files that do not fit stop the start and say so")
    func unfit() async throws {
        try await Self.withFolder { folder in
            let tls = try Self.make(in: folder)
            var configuration = ParleyConfiguration.Private()
            (configuration.port, configuration.tls.certificate) = (0, tls.certificateFile)
            configuration.tls.key = tls.certificateFile
            let plane = PrivateAPI(
                configuration: configuration, readiness: Readiness(), metrics: PrometheusRegistry(),
                logger: LogCollector().logger)
            let fault = await #expect(throws: ListenerError.self) { try await plane.run() }
            #expect("\(try #require(fault))".contains("private.tls.key"))
        }
    }
}
