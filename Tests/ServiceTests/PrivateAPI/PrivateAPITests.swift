import CoreMetrics
import Foundation
import Logging
import Networking
import ServiceLifecycle
import Testing

@testable import Service

@Suite("The private plane")
struct PrivateAPITests {
    private static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private struct Answer {
        var status: Int
        var type: String?
        var body: String
    }

    /// Runs the plane on a free port for as long as `body` runs, and asks it to stop.
    private func withPlane(
        readiness: Readiness = Readiness(), metrics: PrometheusRegistry = PrometheusRegistry(),
        _ body: @escaping @Sendable (_ ask: (String) async throws -> Answer) async throws -> Void
    ) async throws {
        let (ports, sink) = AsyncStream.makeStream(of: Int.self)
        var configuration = ParleyConfiguration.Private()
        configuration.port = 0
        let plane = PrivateAPI(
            configuration: configuration, readiness: readiness, metrics: metrics, logger: Self.logger,
            listening: { sink.yield($0) })
        let group = ServiceGroup(services: [plane], logger: Self.logger)
        try await withThrowingTaskGroup { tasks in
            tasks.addTask {
                defer { sink.finish() }
                try await group.run()
            }
            var iterator = ports.makeAsyncIterator()
            let port = try #require(await iterator.next())
            let client = HTTPClient(logger: Self.logger)
            var failure: (any Error)?
            do { try await body { try await Self.ask(client, "http://127.0.0.1:\(port)\($0)") } } catch {
                failure = error
            }
            await client.shutdown()
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            if let failure { throw failure }
        }
    }

    private static func ask(_ client: HTTPClient, _ url: String) async throws -> Answer {
        let response = try await client.send(HTTPClientRequest(method: "GET", url: url))
        let body = try await response.body.collect(upTo: 1_000_000)
        return Answer(
            status: response.status, type: response[header: "content-type"], body: String(decoding: body, as: UTF8.self)
        )
    }

    @Test("It is alive, and knows nothing else than its routes")
    func health() async throws {
        try await withPlane { ask in
            let alive = try await ask("/healthz")
            #expect(alive.status == 200 && alive.body == "alive\n")
            for path in ["/", "/nothing", "/twilio/voice", "/healthz/x"] { #expect(try await ask(path).status == 404) }
        }
    }

    @Test("Ready means that every check says yes, and the answer names each")
    func readiness() async throws {
        let readiness = Readiness(expecting: ["models", "listener"])
        let isStoreWritable = Lock(false)
        readiness.probe("store") { isStoreWritable.withLock { $0 } ? .ready : .notReady("disk full") }
        try await withPlane(readiness: readiness) { ask in
            let before = try await ask("/readyz")
            #expect(before.status == 503)
            readiness.set("models", .ready)
            readiness.set("listener", .ready)
            let between = try await ask("/readyz")
            #expect(between.status == 503)
            let object = try #require(JSONSerialization.jsonObject(with: Data(between.body.utf8)) as? [String: Any])
            #expect(object["status"] as? String == "not ready")
            let checks = try #require(object["checks"] as? [String: [String: String]])
            #expect(checks["models"] == ["status": "ready"])
            #expect(checks["store"] == ["status": "not ready", "reason": "disk full"])
            isStoreWritable.withLock { $0 = true }
            let after = try await ask("/readyz")
            #expect(after.status == 200 && after.body.contains("\"status\":\"ready\""))
            readiness.set("listener", .notReady("draining"))
            #expect(try await ask("/readyz").status == 503)
        }
    }

    @Test("What is expected and was never checked is not ready")
    func unchecked() async {
        let readiness = Readiness()
        readiness.set("models", .ready)
        readiness.set("listener", .ready)
        let report = await readiness.report()
        #expect(!report.isReady)
        #expect(report.states["store"] == .notReady("not checked yet"))
    }

    @Test("The page of metrics has the type that Prometheus asks for")
    func metrics() async throws {
        let registry = PrometheusRegistry()
        PrometheusMetricsFactory(registry: registry).makeCounter(label: "parley_calls", dimensions: []).increment(by: 3)
        try await withPlane(metrics: registry) { ask in
            let answer = try await ask("/metrics")
            #expect(answer.status == 200)
            #expect(answer.type == "text/plain; version=0.0.4; charset=utf-8")
            #expect(answer.body.contains("# TYPE parley_calls_total counter\nparley_calls_total 3\n"))
        }
    }

    @Test("A port that is taken is named, with what to do")
    func takenPort() async throws {
        let (ports, sink) = AsyncStream.makeStream(of: Int.self)
        var configuration = ParleyConfiguration.Private()
        configuration.port = 0
        let first = ServiceGroup(
            services: [
                PrivateAPI(
                    configuration: configuration, readiness: Readiness(), metrics: PrometheusRegistry(),
                    logger: Self.logger,
                    listening: { sink.yield($0) })
            ], logger: Self.logger)
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { try await first.run() }
            var iterator = ports.makeAsyncIterator()
            configuration.port = try #require(await iterator.next())
            let second = PrivateAPI(
                configuration: configuration, readiness: Readiness(), metrics: PrometheusRegistry(), logger: Self.logger
            )
            let error = await #expect(throws: ListenerError.self) { try await second.run() }
            #expect("\(error.map { "\($0)" } ?? "")".contains("on 127.0.0.1, port \(configuration.port)"))
            #expect("\(error.map { "\($0)" } ?? "")".contains("private.port"))
            await first.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }
}
