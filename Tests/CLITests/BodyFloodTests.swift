import Foundation
import Logging
import Networking
import Testing

@Suite("parley serve and bodies that do not end")
struct BodyFloodTests {
    /// Resident memory of a process, in KiB (proc(5)).
    private static func resident(_ process: Int32) throws -> Int {
        let text = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
        let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("VmRSS:") })
        return try #require(line.split(separator: " ").dropFirst().first.flatMap { Int($0) })
    }

    @Test("100 MB without a length are refused wherever a body is taken, and memory stays as it was")
    func chunked() async throws {
        let folder = try TemporaryFolder()
        try ServeTests.prepare(folder.url)
        let serve = try Command(["serve", "--config", "parley.yaml"], in: folder.url)
        let client = HTTPClient(configuration: HTTPClientConfiguration(proxy: .none), logger: Logger(label: "test"))
        let outcome: Result<Void, any Error>
        do {
            try await ServeTests.waitUntil("it listens") {
                ServeTests.logged("listening", "port", in: serve.complaints) != nil
            }
            let open = try #require(ServeTests.logged("listening", "port", in: serve.complaints))
            let port = try #require(
                ServeTests.logged("the private plane is listening", "port", in: serve.complaints))
            let size = 100 << 20
            let targets = [
                ("/api/v1/agents/validate", "application/json", port), ("/api/v1/keys", "application/json", port),
                ("/api/v1/session", "application/json", port), ("/api/v1/calls", "application/json", port),
                ("/api/v1/do-not-call", "application/json", port), ("/api/v1/campaigns", "application/yaml", port),
                ("/api/v1/campaigns/none/contacts/preview", "text/csv", port),
                ("/twilio/voice", "application/x-www-form-urlencoded", open),
            ]
            // What the first requests need for themselves is not counted.
            for (path, type, port) in targets { _ = await ChunkedUpload.send(65_536, to: path, type: type, port: port) }
            let before = try Self.resident(serve.processID)
            var most = before
            for (path, type, port) in targets {
                let answer = await ChunkedUpload.send(size, to: path, type: type, port: port)
                most = max(most, try Self.resident(serve.processID))
                // The line may be cut with the answer still on its way; a service without campaigns says that first.
                #expect([413, 503, nil].contains(answer.status), "\(path): \(answer)")
                #expect(answer.sent < size, "\(path) was taken to its end")
            }
            #expect(most - before < 96 << 10, "from \(before) KiB to \(most) KiB")
            // One that says its length is refused before any of it is sent, and the next request is answered.
            let said = try await client.send(
                HTTPClientRequest(
                    method: "POST", url: "http://127.0.0.1:\(port)/api/v1/live/hangup",
                    headers: [("Content-Type", "application/json")], body: [UInt8](repeating: 0x20, count: 2 << 20)))
            #expect(said.status == 413)
            let health = try await client.send(
                HTTPClientRequest(method: "GET", url: "http://127.0.0.1:\(port)/api/v1/health"))
            #expect(health.status == 200)
            outcome = .success(())
        } catch { outcome = .failure(error) }
        await client.shutdown()
        serve.terminate()
        _ = try await serve.ended()
        try outcome.get()
    }
}
