import Foundation
import Logging
import Networking

/// Brings spans to a collector over OTLP/HTTP: the driver around ``SpanExportPlanner``, which decides.
///
/// One request at a time, so that a collector that has fallen behind is not given more; meanwhile spans wait in the queue,
/// which is bounded.
actor SpanExporter {
    /// Times; those of the defaults suit a real service.
    struct Options: Sendable {
        /// Between two looks at the queue.
        var tick = Duration.milliseconds(250)
        /// How long what waits may still be sent once the service was told to stop.
        var drain = Duration.seconds(5)
        var plan = SpanExportPlanner.Settings()

        init() {}
    }

    /// Bytes of an answer that are read.
    private static let longestAnswer = 65_536

    private let configuration: ParleyConfiguration.Telemetry
    private let resource: [String: TraceSpan.Value]
    private let version: String
    private let options: Options
    private let client: HTTPClient
    private let logger: Logger
    private let began = ContinuousClock.now
    private var planner: SpanExportPlanner
    private var stopsAt: ContinuousClock.Instant?
    private var lastComplaint = ""

    nonisolated let queue: SpanQueue
    private nonisolated let counts = Lock((sent: 0, rejected: 0, lost: 0, requests: 0))
    private nonisolated let wakes: AsyncStream<Void>
    private nonisolated let wake: AsyncStream<Void>.Continuation
    private nonisolated let stops: AsyncStream<Void>
    private nonisolated let stopping: AsyncStream<Void>.Continuation

    /// - Parameters:
    ///   - node: this process among those of the service.
    ///   - version: of the program.
    init(
        _ configuration: ParleyConfiguration.Telemetry, node: String, version: String, queue: SpanQueue = SpanQueue(),
        options: Options = Options(), logger: Logger
    ) {
        self.configuration = configuration
        self.version = version
        self.queue = queue
        self.options = options
        self.logger = logger
        resource = [
            "service.name": .text(configuration.serviceName), "service.version": .text(version),
            "service.instance.id": .text(node),
        ]
        planner = SpanExportPlanner(options.plan)
        client = Self.makeClient(configuration, logger: logger)
        (wakes, wake) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        (stops, stopping) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    /// A client that keeps to public addresses and those that are allowed.
    static func makeClient(_ configuration: ParleyConfiguration.Telemetry, logger: Logger) -> HTTPClient {
        // No proxy: it would look names up itself, and with that decide where spans go.
        HTTPClient(
            configuration: HTTPClientConfiguration(
                maximumRequests: 2, maximumHeaderBytes: 16_384, bodyBufferBytes: longestAnswer, proxy: .none,
                addresses: .publicOnly(except: configuration.allowedAddresses)), logger: logger)
    }

    /// Works until ``stop()``, and then for as long as something waits and the drain lasts.
    func run() async {
        await withTaskGroup { group in
            group.addTask { [wake, tick = options.tick] in
                repeat { wake.yield() } while (try? await Task.sleep(for: tick)) != nil
            }
            group.addTask { [stops, client, drain = options.drain] in
                for await _ in stops {
                    guard (try? await Task.sleep(for: drain)) != nil else { return }
                    // A request that was under way before has a longer time of its own.
                    return await client.shutdown()
                }
            }
            for await _ in wakes {
                await sendWhatIsDue()
                if let stopsAt, queue.count == 0 || ContinuousClock.now >= stopsAt { break }
            }
            group.cancelAll()
        }
        queue.dropAll()
        await client.shutdown()
    }

    /// Sends at once what waits, and ends what is under way when the drain is over.
    nonisolated func stop() async {
        await beginStopping()
        stopping.yield()
        wake.yield()
    }

    private func beginStopping() { stopsAt = ContinuousClock.now + options.drain }

    private func sendWhatIsDue() async {
        while let oldest = queue.oldest,
            planner.isDue(
                waiting: queue.count, oldest: oldest - began, isStopping: stopsAt != nil,
                at: ContinuousClock.now - began)
        {
            let spans = queue.first(options.plan.batch)
            let answer = await send(spans)
            guard !Task.isCancelled else { return }
            counts.withLock { $0.requests += 1 }
            switch planner.verdict(on: answer, at: ContinuousClock.now - began, chance: Double.random(in: 0...1)) {
            case .sent(let rejected):
                queue.remove(spans.count)
                let rejected = min(max(rejected, 0), spans.count)
                counts.withLock {
                    $0.sent += spans.count - rejected
                    $0.rejected += rejected
                }
                if rejected > 0 {
                    complain("the collector did not take all spans", "\(rejected) of a batch")
                } else {
                    lastComplaint = ""
                }
            case .again(let reason):
                complain("spans are not sent yet", reason)
                // Told to stop: the next look has its own time, until the drain is over.
                return
            case .lost(let reason):
                queue.remove(spans.count)
                counts.withLock { $0.lost += spans.count }
                complain("spans are given up", reason)
            }
        }
    }

    private func send(_ spans: [TraceSpan]) async -> SpanExportPlanner.Answer {
        var limit = configuration.timeout
        if let stopsAt { limit = min(limit, max(stopsAt - .now, .milliseconds(100))) }
        let request = HTTPClientRequest(
            method: "POST", url: configuration.tracesURL,
            headers: [("content-type", "application/json")] + configuration.headerFields,
            body: OTLPBody(spans, of: resource, version: version).encoded(),
            deadlines: HTTPClientRequest.Deadlines(
                connect: min(limit, .seconds(5)), firstByte: limit, betweenChunks: limit, total: limit))
        do throws(NetworkError) {
            let response = try await client.send(request)
            let retryAfter = response.retryAfter()
            let body = (try? await response.body.collect(upTo: Self.longestAnswer)) ?? []
            return .status(response.status, rejected: OTLPAnswer.rejectedSpans(body), retryAfter: retryAfter)
        } catch { return .failed("\(error.code): \(error.detail)") }
    }

    private func complain(_ what: Logger.Message, _ reason: String) {
        // Every few seconds the same is no news.
        guard reason != lastComplaint else { return }
        lastComplaint = reason
        logger.warning(what, metadata: ["url": "\(configuration.tracesURL)", "reason": "\(reason)"])
    }

    /// For the page of metrics.
    nonisolated var samples: [PrometheusSample] {
        let counts = counts.withLock { $0 }
        let results = [
            ("sent", counts.sent), ("rejected", counts.rejected), ("lost", counts.lost), ("dropped", queue.dropped),
        ]
        return results.map { .counter("parley_trace_spans_total", $0.1, dimensions: [("result", $0.0)]) } + [
            .gauge("parley_trace_spans_waiting", queue.count),
            .counter("parley_trace_requests_total", counts.requests),
        ]
    }
}
