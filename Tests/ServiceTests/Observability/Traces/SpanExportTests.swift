import Foundation
import Networking
import Testing

@testable import Service

@Suite("Spans on their way to a collector")
struct SpanExportTests {
    // MARK: Decisions

    @Test("a batch is sent when it is full or old enough, and at once when the service stops")
    func due() {
        let planner = SpanExportPlanner()
        func isDue(_ waiting: Int, _ oldest: Duration, stopping: Bool = false) -> Bool {
            planner.isDue(waiting: waiting, oldest: oldest, isStopping: stopping, at: .seconds(10))
        }
        #expect(!isDue(0, .zero) && !isDue(0, .zero, stopping: true))
        #expect(!isDue(511, .seconds(9)) && isDue(512, .seconds(9)) && isDue(1, .seconds(8)))
        #expect(isDue(1, .seconds(10), stopping: true))
    }

    @Test("what a collector asked for is kept to while the service stops")
    func patience() {
        var planner = SpanExportPlanner()
        _ = planner.verdict(on: .status(503, retryAfter: .seconds(3)), at: .zero, chance: 0.5)
        #expect(!planner.isDue(waiting: 9, oldest: .zero, isStopping: true, at: .seconds(2)))
        #expect(planner.isDue(waiting: 9, oldest: .zero, isStopping: true, at: .seconds(3)))
    }

    @Test("what OTLP says may be tried again is, later and later, and no more than so often; anything else is not")
    func retries() {
        var planner = SpanExportPlanner()
        var now = Duration.zero
        for wait in [1, 2, 4, 8, 16, 30, 30] as [Double] {
            #expect(planner.verdict(on: .status(503), at: now, chance: 0.5) == .again(reason: "status 503"))
            let due = now + .seconds(wait)
            #expect(!planner.isDue(waiting: 9, oldest: .seconds(-60), isStopping: false, at: due - .milliseconds(1)))
            #expect(planner.isDue(waiting: 9, oldest: .seconds(-60), isStopping: false, at: due))
            now = due
        }
        #expect(planner.verdict(on: .failed("refused"), at: now, chance: 0.5) == .lost(reason: "refused"))
        // A new batch begins anew; what a collector asks for is kept to, but not for ever.
        _ = planner.verdict(on: .status(429, retryAfter: .seconds(7)), at: now, chance: 1)
        #expect(!planner.isDue(waiting: 9, oldest: .zero, isStopping: false, at: now + .seconds(6)))
        #expect(planner.isDue(waiting: 9, oldest: .zero, isStopping: false, at: now + .seconds(7)))
        _ = planner.verdict(on: .status(503, retryAfter: .seconds(86_400)), at: now, chance: 1)
        #expect(planner.isDue(waiting: 9, oldest: .zero, isStopping: false, at: now + .seconds(300)))
        #expect(planner.verdict(on: .status(200, rejected: 3), at: now, chance: 1) == .sent(rejected: 3))
        for status in [301, 400, 401, 404, 413, 500] {
            guard case .lost = planner.verdict(on: .status(status), at: now, chance: 1) else {
                Issue.record("status \(status) was not final")
                continue
            }
            #expect(planner.isDue(waiting: 512, oldest: now, isStopping: false, at: now))
        }
    }

    @Test("of what finds no room is dropped and counted; a partial success is read in both of its forms")
    func bounds() {
        let queue = SpanQueue(capacity: 10)
        queue.add(Self.spans(8))
        queue.add(Self.spans(8))
        #expect(queue.count == 10 && queue.dropped == 6)
        queue.remove(4)
        #expect(queue.first(100).count == 6)
        queue.dropAll()
        #expect(queue.count == 0 && queue.dropped == 12)
        for (body, rejected) in [
            (#"{"partialSuccess":{"rejectedSpans":"2","errorMessage":"no"}}"#, 2),
            (#"{"partialSuccess":{"rejectedSpans":3}}"#, 3), (#"{"partialSuccess":{}}"#, 0), ("{}", 0), ("", 0),
        ] { #expect(OTLPAnswer.rejectedSpans(Array(body.utf8)) == rejected, "\(body)") }
    }

    @Test("headers are read as OpenTelemetry writes them, and nothing in them can begin another line")
    func headers() {
        let fields = ParleyConfiguration.Telemetry.fields("x-key=a%20b, Authorization=Basic%20dTpw==")
        #expect(fields?.map(\.0) == ["x-key", "Authorization"] && fields?.map(\.1) == ["a b", "Basic dTpw=="])
        for wrong in ["", "x-key", "=a", "x y=a", "x=%0d%0aevil: 1", "x=%zz"] {
            #expect(ParleyConfiguration.Telemetry.fields(wrong) == nil, "\(wrong)")
        }
    }

    @Test("a collector at a private address stops the start unless it is allowed, and its key is never shown")
    func configuration() throws {
        func load(_ more: String) throws -> LoadedConfiguration {
            let text = "telemetry:\n  otlp:\n    url: http://127.0.0.1:4318\n    headers: x-key=hush\n\(more)"
            return try ConfigurationLoader(environment: [:]).read(Data(text.utf8), file: "parley.yaml")
        }
        let fault = #expect(throws: ConfigurationError.self) { try load("") }
        #expect("\(try #require(fault))".contains("telemetry.otlp.allow_addresses"))
        let loaded = try load("    allow_addresses: 127.0.0.1\n    sample_ratio: 0.5\n")
        #expect(loaded.configuration.telemetry.sampleRatio == 0.5)
        #expect(loaded.settings.allSatisfy { !"\($0)".contains("hush") })
    }

    // MARK: Sending

    private static func spans(_ count: Int) -> [TraceSpan] {
        (0..<count).map { index in
            TraceSpan(
                name: "turn", traceID: "0af7651916cd43dd8448eb211c80319c", id: "b7ad6b7169203331",
                start: Date(timeIntervalSince1970: 1_800_000_000), end: Date(timeIntervalSince1970: 1_800_000_001),
                attributes: ["index": .integer(index)])
        }
    }

    /// Runs an exporter that looks often until `body` has returned and it has drained.
    private func withExporter(
        _ receiver: HookReceiver, capacity: Int = 100, timeout: Duration = .seconds(2),
        _ body: (SpanExporter, LogCollector) async throws -> Void
    ) async throws {
        var configuration = ParleyConfiguration.Telemetry()
        configuration.url = "http://127.0.0.1:\(receiver.port)"
        configuration.headers = Secret("x-key=hush")
        configuration.allowedAddresses = [AddressBlock("127.0.0.1")].compactMap(\.self)
        configuration.timeout = timeout
        var options = SpanExporter.Options()
        options.tick = .milliseconds(5)
        options.drain = .milliseconds(500)
        options.plan.batch = 10
        options.plan.period = .milliseconds(10)
        options.plan.firstRetry = .milliseconds(10)
        let log = LogCollector()
        let exporter = SpanExporter(
            configuration, node: "n1", version: "1", queue: SpanQueue(capacity: capacity), options: options,
            logger: log.logger)
        try await withThrowingTaskGroup { group in
            group.addTask { await exporter.run() }
            let outcome: Result<Void, any Error>
            do { outcome = .success(try await body(exporter, log)) } catch { outcome = .failure(error) }
            await exporter.stop()
            try await group.waitForAll()
            try outcome.get()
        }
    }

    private func value(_ result: String, _ exporter: SpanExporter) -> Double? {
        exporter.samples.first { $0.dimensions.first?.1 == result }?.value
    }

    private func wait(until isSo: () -> Bool) async throws {
        let end = ContinuousClock.now + .seconds(10)
        while !isSo() {
            try #require(ContinuousClock.now < end)
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    @Test(
        "they go out in batches with the headers, again after 503, and what was rejected or refused for good is counted"
    )
    func sending() async throws {
        let receiver = try HookReceiver { _, before in
            switch before {
            case 0: .answer(503, headers: ["Retry-After": "0"])
            case 1: .cut
            case 3: .answer(200, body: #"{"partialSuccess":{"rejectedSpans":"4"}}"#)
            case 4: .answer(400, body: "no")
            default: .answer(200, body: "{}")
            }
        }
        try await withExporter(receiver) { exporter, log in
            exporter.queue.add(Self.spans(10))
            try await wait { value("sent", exporter) == 10 }
            exporter.queue.add(Self.spans(5))
            try await wait { value("rejected", exporter) == 4 }
            exporter.queue.add(Self.spans(3))
            try await wait { value("lost", exporter) == 3 }
            exporter.queue.add(Self.spans(2))
            try await wait { value("sent", exporter) == 13 }
            let requests = receiver.requests
            #expect(requests.count == 6 && requests.allSatisfy { $0.path == "/v1/traces" })
            #expect(requests.allSatisfy { $0.headers["x-key"] == "hush" })
            #expect(requests.allSatisfy { $0.headers["content-type"] == "application/json" })
            // The same spans were sent until they were taken.
            #expect(requests[0].body == requests[1].body && requests[1].body == requests[2].body)
            #expect(log.contains("spans are not sent yet", "status 503") && log.contains("spans are given up"))
            #expect(!log.contains("hush"))
        }
    }

    @Test("a collector that is away costs spans, not memory, and holds up no stop for longer than the drain")
    func away() async throws {
        let receiver = try HookReceiver()
        receiver.close()
        let began = ContinuousClock.now
        let kept = Lock<SpanExporter?>(nil)
        try await withExporter(receiver, capacity: 20) { exporter, _ in
            kept.withLock { $0 = exporter }
            for _ in 0..<50 { exporter.queue.add(Self.spans(2)) }
            #expect(exporter.queue.count <= 20)
        }
        #expect(ContinuousClock.now - began < .seconds(8))
        let exporter = try #require(kept.withLock { $0 })
        #expect(value("sent", exporter) == 0 && exporter.queue.count == 0)
        #expect((value("dropped", exporter) ?? 0) + (value("lost", exporter) ?? 0) == 100)
    }

    @Test("a request that was under way when the service was told to stop ends with the drain")
    func silent() async throws {
        let receiver = try HookReceiver { _, _ in .silence }
        let kept = Lock<(exporter: SpanExporter, told: ContinuousClock.Instant)?>(nil)
        try await withExporter(receiver, timeout: .seconds(60)) { exporter, _ in
            exporter.queue.add(Self.spans(3))
            try await wait { receiver.requests.count == 1 }
            kept.withLock { $0 = (exporter: exporter, told: ContinuousClock.now) }
        }
        let (exporter, told) = try #require(kept.withLock { $0 })
        #expect(ContinuousClock.now - told < .seconds(8))
        #expect(value("dropped", exporter) == 3 && value("sent", exporter) == 0)
    }

    @Test("an address that is not allowed is refused, whatever the name")
    func guarded() async throws {
        let receiver = try HookReceiver()
        var configuration = ParleyConfiguration()
        configuration.telemetry.url = "http://localhost:\(receiver.port)"
        let finding = try #require(await SystemCheck.telemetry(configuration).first)
        #expect(!finding.isOK && finding.detail.contains("telemetry.otlp.allow_addresses"))
        configuration.telemetry.allowedAddresses = ["127.0.0.1", "::1"].compactMap(AddressBlock.init)
        let reached = try #require(await SystemCheck.telemetry(configuration).first)
        #expect(reached.isOK && receiver.requests.map(\.body) == [#"{"resourceSpans":[]}"#], "\(reached)")
    }
}
