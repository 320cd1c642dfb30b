import Foundation
import Logging
import Networking
import Store

/// Brings the outbox to the endpoints: the driver around ``WebhookPlanner``, which decides.
///
/// What it knows is in the store; what the planner keeps besides, an endpoint's circuit, is worth nothing after a crash.
/// The outcome of an attempt is stored after it, so a process that is killed in between sends once more, under the same
/// id. Several nodes may work on one outbox: each leases what it sends, for longer than an attempt may take, and what a
/// node leaves behind is another's when the lease has ended.
actor WebhookDispatcher {
    /// Times; those of the defaults suit a real service.
    struct Options: Sendable {
        /// Between two looks at the outbox.
        var tick = Duration.milliseconds(250)
        /// Between two looks at what is too old, and at how endpoints stand.
        var sweep = Duration.seconds(5)
        /// How long what is due may still be sent once the service was told to stop.
        var drain = Duration.seconds(5)
        /// How much longer a lease is than an attempt may take: for the store, and for clocks that differ.
        var leaseMargin = Duration.seconds(30)

        init() {}
    }

    /// Payloads that are made in one look.
    private static let batch = 100
    /// How long an event waits for records of its call that are in the spill file.
    private static let patience: TimeInterval = 60

    private let store: Store
    private let owner: String
    private let desk: WebhookDesk
    private let payloads: WebhookPayloads
    private let sender: WebhookSender
    private let client: HTTPClient
    private let options: Options
    private let hasSpilled: @Sendable () -> Bool
    private let now: @Sendable () -> Date
    private let logger: Logger

    private var planner: WebhookPlanner
    private var nextSweep = Date.distantPast
    private var nextCleaning = Date.distantPast
    private var stopsAt: Date?
    /// Whether the last look began when the stop was known: an earlier one may have missed what the writer wrote last.
    private var lookedSinceStop = false
    /// Whether something was finished while the outbox was being looked at: it may have let another one go.
    private var hasFinishedMeanwhile = false
    private var lastComplaint = ""
    /// Endpoints that are being disabled → whether that is stored: a sweep that began before it was does not know of it.
    private var disabling: [String: Bool] = [:]
    /// Whether what an earlier process left in a database of our own is nobody's any more.
    private var isAlone = false

    private nonisolated let wakes: AsyncStream<Void>
    private nonisolated let wake: AsyncStream<Void>.Continuation

    /// - Parameters:
    ///   - owner: the node whose leases they are; no two of a database have the same.
    ///   - settings: other ones than the configuration's.
    ///   - traces: continued by whoever is told; nil where nothing is traced.
    ///   - hasSpilled: whether records wait outside the database; then an event waits for those of its call.
    init(
        _ desk: WebhookDesk, payloads: WebhookPayloads, owner: String = UUID().uuidString, options: Options = Options(),
        settings: WebhookPlanner.Settings? = nil, traces: CallTraces? = nil,
        hasSpilled: @escaping @Sendable () -> Bool = { false },
        now: @escaping @Sendable () -> Date = { Date() },
        logger: Logger
    ) {
        self.desk = desk
        self.payloads = payloads
        self.owner = owner
        self.options = options
        self.hasSpilled = hasSpilled
        self.now = now
        self.logger = logger
        store = payloads.store
        client = WebhookSender.makeClient(desk.configuration, logger: logger)
        sender = WebhookSender(client: client, traces: traces)
        planner = WebhookPlanner(settings ?? WebhookPlanner.Settings(desk.configuration))
        (wakes, wake) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    /// Works until ``stop()``, and then for as long as something is due and the drain lasts.
    func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.beat() }
            for await _ in wakes {
                for delivery in await look() { group.addTask { await self.deliver(delivery) } }
                if await isOver() { break }
            }
            group.cancelAll()
        }
        await client.shutdown()
    }

    /// Looks at the outbox soon: something was written to it.
    nonisolated func lookSoon() { wake.yield() }

    /// Begins nothing that is not due by now.
    nonisolated func stop() async {
        await beginStopping()
        wake.yield()
    }

    private func beginStopping() { stopsAt = now() + options.drain / .seconds(1) }

    private func beat() async {
        // With nobody to be told there is only what is left of before to be given up.
        let pace = desk.configuration.enabled.isEmpty ? options.sweep : options.tick
        repeat { wake.yield() } while (try? await Task.sleep(for: pace)) != nil
    }

    /// Whether everything that can be sent is sent.
    private func isOver() async -> Bool {
        guard let stopsAt else { return false }
        // What was finished during the last look may have let another one go; that is looked at once more.
        return (lookedSinceStop && planner.underWay == 0 && !hasFinishedMeanwhile) || now() >= stopsAt
    }

    // MARK: Looking

    /// Everything that is to be sent now.
    private func look() async -> [WebhookDelivery] {
        hasFinishedMeanwhile = false
        lookedSinceStop = stopsAt != nil
        // What was begun before the store failed is sent all the same.
        var begun: [WebhookDelivery] = []
        do {
            if !isAlone, !store.isShared { try await store.freeWebhooks(leasedBy: nil) }
            isAlone = true
            if now() >= nextSweep {
                nextSweep = now() + options.sweep / .seconds(1)
                try await sweep()
            }
            try await writePayloads()
            for (name, endpoint) in desk.configuration.enabled.sorted(by: { $0.key < $1.key }) {
                begun += try await begin(name, timeout: endpoint.timeout)
            }
            lastComplaint = ""
        } catch {
            // Nobody knows what is left; the drain looks again.
            lookedSinceStop = false
            // Told to end at once: nothing is wrong with the outbox.
            guard !Task.isCancelled else { return begun }
            complain("the outbox cannot be worked on", error)
        }
        return begun
    }

    /// Leases as much as an endpoint may be sent now.
    private func begin(_ name: String, timeout: Duration) async throws -> [WebhookDelivery] {
        let room = planner.room(name, at: now())
        guard room > 0 else { return [] }
        let leased = try await store.leaseWebhooks(
            endpoint: name, owner: owner, now: now(), until: now() + (timeout + options.leaseMargin) / .seconds(1),
            limit: room)
        let begun = planner.begin(leased, at: now())
        // The endpoint has begun to fail, or asked for a pause, while the store was asked.
        let taken = Set(begun.map(\.id))
        for delivery in leased where !taken.contains(delivery.id) { try? await store.release(webhook: delivery) }
        return begun
    }

    /// Makes what is to be sent soon after it happened, whether or not its endpoint can be reached: what is told is what
    /// was so then.
    private func writePayloads() async throws {
        let unwritten = try await store.unwrittenWebhooks(limit: Self.batch)
        guard !unwritten.isEmpty else { return }
        let waits = hasSpilled()
        var made: [(id: String, payload: String)] = []
        for var delivery in unwritten {
            if waits, now().timeIntervalSince(delivery.queuedAt) < Self.patience { continue }
            if let payload = try await payloads.payload(of: delivery) {
                made.append((delivery.id, payload))
            } else {
                delivery.state = .dead
                delivery.finishedAt = now()
                delivery.reason = "what it tells of is not stored any more"
                try await store.settle(webhook: delivery)
                desk.count("dead", of: delivery.endpoint)
            }
        }
        try await store.keep(payloads: made)
    }

    private func sweep() async throws {
        let configuration = desk.configuration
        let stored = disabling.filter(\.value)
        for (name, count) in try await store.expireWebhooks(
            queuedBefore: now() - configuration.giveUpAfter / .seconds(1), now: now())
        {
            desk.count("dead", of: name, number: count)
            logger.error(
                "events were not delivered in time", metadata: ["endpoint": "\(name)", "count": "\(count)"])
        }
        if now() >= nextCleaning {
            nextCleaning = now() + 3600
            try await store.deleteWebhooks(finishedBefore: now() - 86_400 * Double(configuration.retentionDays))
        }
        let disabled = Dictionary(try await store.disabledWebhookEndpoints().map { ($0.name, $0) }) { $1 }
        for name in stored.keys { disabling[name] = nil }
        let standings = try await store.webhookStandings(of: Array(configuration.endpoints.keys))
        var shown: [String: WebhookDesk.Standing] = [:]
        for (name, endpoint) in configuration.endpoints {
            // Another address is another endpoint.
            let own = disabled[name].flatMap { $0.url == endpoint.url ? $0 : nil }
            if own == nil {
                if disabling[name] == nil { planner.enable(name) }
            } else {
                planner.disable(name)
                let count = try await store.abandonWebhooks(
                    endpoint: name, because: "the endpoint is disabled", now: now())
                if count > 0 { desk.count("dead", of: name, number: count) }
            }
            shown[name] = WebhookDesk.Standing(
                lane: planner.lanes[name], outbox: standings[name] ?? WebhookStanding(), disabled: own)
        }
        desk.publish(shown)
    }

    // MARK: Sending

    private func deliver(_ delivery: WebhookDelivery) async {
        guard let endpoint = desk.configuration.endpoints[delivery.endpoint] else { return }
        let began = ContinuousClock.now
        let answer = await sender.send(delivery, to: endpoint, at: now())
        await settle(delivery, answer, took: ContinuousClock.now - began)
        wake.yield()
    }

    private func settle(_ delivery: WebhookDelivery, _ answer: WebhookAnswer, took: Duration) async {
        var settled = delivery
        settled.triedAt = now()
        if case .status(let status, _, _) = answer { settled.status = status } else { settled.status = nil }
        let verdict = planner.verdict(on: delivery, answer, at: now())
        if verdict != .untried { settled.attempts += 1 }
        let metadata: Logger.Metadata = ["endpoint": "\(delivery.endpoint)", "webhook": "\(delivery.id)"]
        switch verdict {
        case .untried: settled = delivery
        case .delivered:
            settled.state = .delivered
            settled.reason = nil
            settled.finishedAt = now()
        case .again(let at, let reason):
            settled.nextAt = at
            settled.reason = reason
        case .dead(let reason), .gone(let reason):
            settled.state = .dead
            settled.reason = reason
            settled.finishedAt = now()
        }
        do {
            if verdict == .untried {
                try await store.release(webhook: delivery)
            } else if try await !store.settle(webhook: settled) {
                logger.warning("what an event came to is not kept: it is another node's by now", metadata: metadata)
            }
            if case .gone(let reason) = verdict { try await disable(delivery.endpoint, because: reason) }
        } catch {
            // It will be sent once more, under the same id.
            complain("what a delivery came to is not stored", error)
        }
        // Last, so that it is not begun again before its outcome is stored.
        planner.finish(delivery, answer, at: now())
        hasFinishedMeanwhile = true
        switch verdict {
        case .untried: break
        case .delivered:
            desk.count("delivered", of: delivery.endpoint, took: took)
            logger.debug("event delivered", metadata: metadata)
        case .again(_, let reason):
            desk.count("failed", of: delivery.endpoint, took: took)
            logger.info("event not delivered yet", metadata: metadata.merging(["reason": "\(reason)"]) { $1 })
        case .dead(let reason), .gone(let reason):
            desk.count("dead", of: delivery.endpoint, took: took)
            logger.error("event not delivered", metadata: metadata.merging(["reason": "\(reason)"]) { $1 })
        }
    }

    private func disable(_ name: String, because reason: String) async throws {
        let url = desk.configuration.endpoints[name]?.url ?? ""
        disabling[name] = false
        defer { disabling[name] = true }
        logger.error("an endpoint wants no more events; it is disabled", metadata: ["endpoint": "\(name)"])
        try await store.disableWebhookEndpoint(
            DisabledWebhookEndpoint(name: name, url: url, reason: reason, disabledAt: now()))
        nextSweep = .distantPast
    }

    private func complain(_ what: Logger.Message, _ error: any Error) {
        // Each second the same is no news.
        guard "\(error)" != lastComplaint else { return }
        lastComplaint = "\(error)"
        logger.error(what, metadata: ["reason": "\(error)"])
    }
}
