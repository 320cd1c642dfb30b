import Callers
import Foundation
import Logging
import Networking
import Store
import Testing

@Suite("parley serve")
struct ServeTests {
    /// The value of `key` in the first log line with `message`.
    static func logged(_ message: String, _ key: String, in log: String) -> Int? {
        for line in log.split(separator: "\n") {
            guard let entry = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
                entry["message"] as? String == message
            else { continue }
            return (entry[key] as? Int) ?? (entry[key] as? String).flatMap(Int.init)
        }
        return nil
    }

    static func waitUntil(_ what: String, _ isSo: () async throws -> Bool) async throws {
        let end = ContinuousClock.now + .seconds(40)
        while try await !isSo() {
            try #require(ContinuousClock.now < end, "\(what): not within 40 s")
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    /// Puts a configuration and its agent there.
    static func prepare(_ folder: URL) throws {
        var root = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { root.deleteLastPathComponent() }
        let agents = folder.appending(path: "agents")
        try FileManager.default.createDirectory(at: agents, withIntermediateDirectories: true)
        for file in ["thermostat.yaml", "names"] {
            try FileManager.default.copyItem(
                at: root.appending(path: "config/agents/\(file)"), to: agents.appending(path: file))
        }
        // Ears of a vendor that is not there: nothing has to be built for them, and the call goes on without.
        try Data(
            """
            public: {port: 0, auth: none}
            private: {port: 0}
            media: {loops: 1, late_beat: 1s}
            calls: {drain_deadline: 500ms}
            agents: {directory: agents, default: thermostat}
            speech: {recognizer: ears}
            providers: {ears: {kind: deepgram, url: "ws://127.0.0.1:9"}}
            store: {path: parley.sqlite}
            recordings: {directory: recordings}
            log: {format: json}
            """.utf8
        ).write(to: folder.appending(path: "parley.yaml"))
    }

    @Test(
        "told to stop by SIGTERM takes no more calls, says goodbye to the caller on the line, stores the call, and ends"
    )
    func drain() async throws {
        let folder = try TemporaryFolder()
        try Self.prepare(folder.url)
        let serve = try Command(["serve", "--config", "parley.yaml"], in: folder.url)
        let loop = EventLoop(name: "caller", logger: Logger(label: "test"))
        try loop.start()
        let client = HTTPClient(configuration: HTTPClientConfiguration(proxy: .none), logger: Logger(label: "test"))
        let outcome: Result<Void, any Error>
        do {
            try await Self.waitUntil("it listens") { Self.logged("listening", "port", in: serve.complaints) != nil }
            let port = try #require(Self.logged("listening", "port", in: serve.complaints))
            let privatePort = try #require(
                Self.logged("the private plane is listening", "port", in: serve.complaints))
            func readiness() async throws -> (Int, String) {
                let answer = try await client.send(
                    HTTPClientRequest(method: "GET", url: "http://127.0.0.1:\(privatePort)/readyz"))
                return (answer.status, String(decoding: try await answer.body.collect(upTo: 10_000), as: UTF8.self))
            }
            #expect(try await readiness().0 == 200)

            let (events, sink) = AsyncStream.makeStream(of: CarrierLine.Event.self)
            loop.post {
                let line = CarrierLine(
                    .init(url: "ws://127.0.0.1:\(port)/twilio/media", callID: "CA1", parameters: [:]), on: loop
                ) { sink.yield($0) }
                line.dial()
            }
            var heard = events.makeAsyncIterator()
            while let event = await heard.next() {
                if case .agentBegan = event { break }
            }
            serve.terminate()
            try await Self.waitUntil("it says that it drains") { try await readiness().1.contains("draining") }
            var ending = ""
            while let event = await heard.next() {
                guard case .closed(let reason) = event else { continue }
                ending = reason
                break
            }
            #expect(ending.contains("1000"), "\(ending)")
            outcome = .success(())
        } catch { outcome = .failure(error) }
        await client.shutdown()
        await loop.shutdown()
        if case .failure = outcome { serve.terminate() }
        let end = try await serve.ended()
        try outcome.get()
        #expect(end.status == 0, "\(end.complaints)")
        let store = try Store(path: folder.url.appending(path: "parley.sqlite").path)
        defer { try? store.close() }
        let calls = try await store.calls().calls
        #expect(calls.map(\.endReason) == ["service stopping"])
        #expect(calls.allSatisfy { $0.duration > 0 && $0.recordingPath != nil })
    }
}
