import Crypto
import Emulators
import Foundation
import Logging
import Testing

@Suite("The carriers' own clients accept the sandbox carrier")
struct SandboxPeerTests {
    /// A Python environment with what `Tests/requirements.txt` names.
    private static let environment = ProcessInfo.processInfo.environment["PARLEY_PEERS"]

    @Test("twilio", .enabled(if: environment != nil, "PARLEY_PEERS names no environment"))
    func client() async throws {
        let report = try await Self.run("carrier.py", SandboxCarrierConfiguration()) { url, configuration in
            [url, configuration.account, configuration.authToken]
        }
        #expect(report.split(separator: "\n").count { $0.hasPrefix("ok") } == 9, "\(report)")
    }

    @Test(
        "signalwire, telnyx, plivo and vonage-voice",
        .enabled(if: environment != nil, "PARLEY_PEERS names no environment"),
        arguments: [("signalwire", 4), ("telnyx", 5), ("plivo", 4), ("vonage", 4)])
    func clients(carrier: String, checks: Int) async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "parley-peer-\(UUID().uuidString).pem")
        defer { try? FileManager.default.removeItem(at: file) }
        var configuration = SandboxCarrierConfiguration()
        // Nobody picks up before the checks are over.
        configuration.ringing = .seconds(5)
        switch carrier {
        case "signalwire": configuration.dialect = CompatibleSandbox.signalWire(signingKey: "key")
        case "telnyx":
            configuration.dialect = CompatibleSandbox.telnyx(application: "1293", key: Curve25519.Signing.PrivateKey())
        case "plivo":
            // Its client looks at the id.
            configuration.account = "MA" + String(repeating: "X", count: 18)
            configuration.dialect = PlivoSandbox()
        default:
            let key = try VonageSandbox.makeKey()
            try Data(key.utf8).write(to: file)
            configuration.dialect = try VonageSandbox(application: "1293", privateKey: key, signatureSecret: "secret")
        }
        let report = try await Self.run("carriers.py", configuration) { url, configuration in
            [carrier, url, configuration.account, configuration.authToken, "1293", file.path]
        }
        #expect(report.split(separator: "\n").count { $0.hasPrefix("ok") } == checks, "\(report)")
    }

    /// Runs a program against a carrier of that configuration, and returns what it says.
    private static func run(
        _ name: String, _ configuration: SandboxCarrierConfiguration,
        _ arguments: (String, SandboxCarrierConfiguration) -> [String]
    ) async throws -> String {
        let environment = try #require(environment)
        let carrier = SandboxCarrier(configuration, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let url = try await carrier.start()
        let program = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "peers/\(name)")
        let pipe = Pipe()
        let process = Process()
        process.executableURL = URL(filePath: "\(environment)/bin/python")
        process.arguments = [program.path] + arguments(url, configuration)
        process.standardOutput = pipe
        process.standardError = pipe
        try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
            process.terminationHandler = { _ in done.resume() }
            do { try process.run() } catch { done.resume(throwing: error) }
        }
        await carrier.shutdown()
        // A few lines: they fit into the pipe.
        let report = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        #expect(process.terminationStatus == 0, "\(report)")
        return report
    }
}
