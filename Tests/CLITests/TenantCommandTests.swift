import Callers
import Foundation
import Logging
import Networking
import Store
import Testing

@Suite("parley serve and check with tenants", .serialized)
struct TenantCommandTests {
    /// Two tenants in `folder`, of which `south` is given `more`.
    private func layOut(_ folder: URL, more: String = "") throws {
        var root = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { root.deleteLastPathComponent() }
        try FileManager.default.createDirectory(at: folder.appending(path: "t"), withIntermediateDirectories: true)
        for name in ["north", "south"] {
            let agents = folder.appending(path: "\(name)/agents")
            try FileManager.default.createDirectory(at: agents, withIntermediateDirectories: true)
            for file in ["thermostat.yaml", "names"] {
                try FileManager.default.copyItem(
                    at: root.appending(path: "config/agents/\(file)"), to: agents.appending(path: file))
            }
            // Ears of a vendor that is not there: nothing has to be built for them, and calls go on without.
            try Data(
                """
                public: {port: 0, auth: none}
                private: {port: 0}
                media: {loops: 1, late_beat: 1s}
                calls: {drain_deadline: 500ms}
                agents: {directory: \(name)/agents, default: thermostat, understanding: words}
                speech: {recognizer: ears, phrase_store: \(name)/phrases}
                providers: {ears: {kind: deepgram, url: "ws://127.0.0.1:9", api_key: "${EARS}"}}
                store: {path: \(name)/parley.sqlite}
                recordings: {directory: \(name)/recordings}
                campaigns: {directory: "\(root.appending(path: "config/campaigns").path)"}
                log: {format: json}
                \(name == "south" ? more : "")
                """.utf8
            ).write(to: folder.appending(path: "t/\(name).yaml"))
        }
    }

    private static let environment = ["PARLEY_TENANT_NORTH__EARS": "n", "PARLEY_TENANT_SOUTH__EARS": "s"]

    private static func port(of tenant: String, in log: String) -> Int? {
        for line in log.split(separator: "\n") {
            guard let entry = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
                entry["message"] as? String == "listening", entry["tenant"] as? String == tenant
            else { continue }
            return (entry["port"] as? Int) ?? (entry["port"] as? String).flatMap(Int.init)
        }
        return nil
    }

    @Test("SIGTERM ends every tenant's calls with a goodbye, all at once, and each call is in its own database")
    func drain() async throws {
        let folder = try TemporaryFolder()
        try layOut(folder.url)
        let serve = try Command(["serve", "--tenants", "t"], in: folder.url, environment: Self.environment)
        let loop = EventLoop(name: "caller", logger: Logger(label: "test"))
        try loop.start()
        let outcome: Result<[String], any Error>
        do {
            let end = ContinuousClock.now + .seconds(40)
            var ports: [Int] = []
            while ports.count < 2 {
                try #require(ContinuousClock.now < end, "\(serve.complaints)")
                ports = ["north", "south"].compactMap { Self.port(of: $0, in: serve.complaints) }
                try await Task.sleep(for: .milliseconds(20))
            }
            outcome = .success(
                try await withThrowingTaskGroup(of: String.self) { group in
                    let begun = Lock(0)
                    for (index, port) in ports.enumerated() {
                        group.addTask {
                            let (events, sink) = AsyncStream.makeStream(of: CarrierLine.Event.self)
                            loop.post {
                                let line = CarrierLine(
                                    .init(
                                        url: "ws://127.0.0.1:\(port)/twilio/media", callID: "CA\(index)",
                                        parameters: [:]), on: loop
                                ) { sink.yield($0) }
                                line.dial()
                            }
                            for await event in events {
                                if case .agentBegan = event { begun.withLock { $0 += 1 } }
                                if case .closed(let reason) = event { return reason }
                            }
                            return "never closed"
                        }
                    }
                    while begun.withLock({ $0 }) < 2 {
                        try #require(ContinuousClock.now < end, "\(serve.complaints)")
                        try await Task.sleep(for: .milliseconds(20))
                    }
                    serve.terminate()
                    return try await group.reduce(into: []) { $0.append($1) }
                })
        } catch { outcome = .failure(error) }
        await loop.shutdown()
        if case .failure = outcome { serve.terminate() }
        let ending = try await serve.ended()
        let reasons = try outcome.get()
        #expect(ending.status == 0, "\(ending.complaints)")
        #expect(reasons.count == 2 && reasons.allSatisfy { $0.contains("1000") }, "\(reasons)")
        for (index, name) in ["north", "south"].enumerated() {
            let store = try Store(path: folder.url.appending(path: "\(name)/parley.sqlite").path)
            defer { try? store.close() }
            let calls = try await store.calls().calls
            #expect(calls.map(\.carrierCallID) == ["CA\(index)"])
            #expect(calls.map(\.endReason) == ["service stopping"])
        }
    }

    @Test("faults are said at once with both files, and nothing is started; --config and --tenants exclude each other")
    func faults() async throws {
        let folder = try TemporaryFolder()
        try layOut(folder.url, more: "tools: {documents: north/agents}")
        for command in ["serve", "check"] {
            let end = try await Command.run(
                command, "--tenants", "t", in: folder.url, environment: Self.environment)
            #expect(end.status == 78)
            let parts = [
                "t/north.yaml", "t/south.yaml", "`tools.documents`", "`agents.directory`", "give each tenant its own",
            ]
            for part in parts { #expect(end.complaints.contains(part), "\(end.complaints)") }
            let both = try await Command.run(command, "--tenants", "t", "--config", "x", in: folder.url)
            #expect(both.status == 64 && both.complaints.contains("leave one of them out"), "\(both.complaints)")
        }
        #expect(!FileManager.default.fileExists(atPath: folder.url.appending(path: "north/parley.sqlite").path))
        let alone = try await Command.run("serve", "--health-port", "9", in: folder.url)
        #expect(alone.status == 64 && alone.complaints.contains("goes with --tenants"))
    }

    @Test("check looks at every tenant and names it")
    func check() async throws {
        let folder = try TemporaryFolder()
        try layOut(folder.url)
        try FileManager.default.removeItem(at: folder.url.appending(path: "south/agents/thermostat.yaml"))
        let end = try await Command.run("check", "--tenants", "t", in: folder.url, environment: Self.environment)
        let lines = end.output.split(separator: "\n")
        #expect(end.status == 1)
        #expect(lines.contains { $0.hasPrefix("ok    north: agents: thermostat") }, "\(end.output)")
        #expect(lines.contains { $0.hasPrefix("FAIL  south: agents:") }, "\(end.output)")
        #expect(lines.contains { $0.hasPrefix("ok    south: store: ") }, "\(end.output)")
    }
}
