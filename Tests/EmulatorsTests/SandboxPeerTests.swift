import Emulators
import Foundation
import Logging
import Testing

@Suite("Twilio's own client accepts the sandbox carrier")
struct SandboxPeerTests {
    /// A Python environment with what `Tests/requirements.txt` names.
    private static let environment = ProcessInfo.processInfo.environment["PARLEY_PEERS"]

    @Test("twilio", .enabled(if: environment != nil, "PARLEY_PEERS names no environment"))
    func client() async throws {
        let environment = try #require(Self.environment)
        let configuration = SandboxCarrierConfiguration()
        let carrier = SandboxCarrier(configuration, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let url = try await carrier.start()
        let program = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "peers/carrier.py")
        let pipe = Pipe()
        let process = Process()
        process.executableURL = URL(filePath: "\(environment)/bin/python")
        process.arguments = [program.path, url, configuration.account, configuration.authToken]
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
        #expect(report.split(separator: "\n").count { $0.hasPrefix("ok") } == 9, "\(report)")
    }
}
