import Campaigns
package import CoreMetrics
package import Foundation
package import Logging
import Networking
import Store
package import Telephony

/// Places the calls of running campaigns, once each: the driver around the gate, the pacing and the retries, which decide.
///
/// What it knows is in the store; what it keeps besides is worth nothing after a crash. An attempt's steps are stored
/// before what they say can have happened, so that a process may be killed at any instant: an intent was never asked for,
/// a request whose answer is missing is looked up at the carrier and not repeated.
package actor CampaignRunner {
    /// Times; those of the defaults suit a real carrier.
    package struct Options: Sendable {
        package var tick = Duration.milliseconds(250)
        /// After an unanswered request, until the carrier's list is looked at.
        package var grace: TimeInterval = 10
        /// After an unanswered request, until a call that is not on the carrier's list counts as never placed.
        package var patience: TimeInterval = 60
        /// Without news of a placed call, until the carrier is asked.
        package var silence: TimeInterval = 120
        /// How long the end of a call's media is waited for once the carrier has said that it is over.
        package var mediaEnd: TimeInterval = 3
        /// Between two looks at the same call.
        package var recheck: TimeInterval = 15

        package init() {}
    }

    /// A call to be placed now.
    struct Order: Sendable {
        let attempt: AttemptRecord
        let permit: DialPermit
        let ringTimeout: Duration
        let findsMachines: Bool
    }

    /// A campaign at work.
    private struct Line {
        var pacer: Pacer
        /// When it was last told to run: a new start begins the ramp, and closes the breaker, anew.
        var since: Date
    }

    let office: CampaignOffice
    let carrier: CallControl
    let options: Options
    private let webhooks: WebhookRoster
    let logger: Logger
    private let freeLines: @Sendable () -> Int
    private let rate: CallRate
    private let accountConcurrency: Int?
    private var lines: [String: Line] = [:]
    /// Where the carrier reaches us; nil until we listen.
    private nonisolated let address = Lock<String?>(nil)
    private var rest = CarrierRest()
    private var nextSweep = Date.distantPast
    private var abandonments: [String: (rate: AbandonmentRate, until: Date)] = [:]
    /// How often people answer by the hour, by campaign; of those alone that look for the best time.
    var hourlyAnswers: [String: HourlyBook] = [:]
    /// Whether contacts are due that could have been decided about in the last tick.
    private var hasMore = false
    /// Whether the next look is due in a moment.
    private var isPausing = false

    /// Attempts whose request is under way in this process.
    var placing: Set<String> = []
    /// Attempts that this process has placed: news of them will come by themselves.
    var known: Set<String> = []
    /// Placed calls of which no news comes by itself: a process before this one has placed them, or the carrier's list told of
    /// them.
    var strangers: Set<String> = []
    var nextLongLook = Date.distantPast
    var nextChecks: [String: Date] = [:]
    /// Placed calls that the carrier did not know when it was asked last.
    var missing: Set<String> = []
    /// When the carrier's list was first looked at for a call that was not on it.
    var firstMisses: [String: ContinuousClock.Instant] = [:]
    /// Media that ended before the carrier said so.
    var held: [String: HeldCall] = [:]
    /// Calls that the carrier says are over while their media is not.
    var concluding: [String: (report: CarrierReport, until: Date)] = [:]
    /// Opt-outs that are not stored yet, by attempt.
    var owedOptOuts: [String: OwedOptOut] = [:]

    private nonisolated let (wakes, wake) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    nonisolated let factory: any MetricsFactory
    private nonisolated let findings: AsyncStream<(OutboundCall, String, OutboundWatch.Finding)>
    private nonisolated let inlet: AsyncStream<(OutboundCall, String, OutboundWatch.Finding)>.Continuation

    /// - Parameters:
    ///   - rate: how fast the carrier begins calls for the account, over all that places calls with it.
    ///   - concurrency: calls of the account at a time, over all campaigns and nodes; nil where only campaigns have a bound.
    ///   - webhooks: who is told of attempts.
    ///   - metrics: makes what operators watch.
    ///   - freeLines: how many more calls this service can hold.
    package init(
        office: CampaignOffice, carrier: CallControl, rate: CallRate, concurrency: Int? = nil,
        options: Options = Options(),
        webhooks: WebhookRoster = WebhookRoster(), metrics: any MetricsFactory = MetricsSystem.factory,
        freeLines: @escaping @Sendable () -> Int, logger: Logger
    ) {
        self.office = office
        self.carrier = carrier
        self.options = options
        self.webhooks = webhooks
        self.freeLines = freeLines
        factory = metrics
        self.logger = logger
        self.rate = rate
        accountConcurrency = concurrency
        // Two findings a call; a queue this long has lost nothing unless the store has been gone for hours.
        (findings, inlet) = AsyncStream.makeStream(
            of: (OutboundCall, String, OutboundWatch.Finding).self, bufferingPolicy: .bufferingOldest(65_536))
        // An alert looks at how much they grow, and sees nothing of a first one that begins at 1.
        for cause in PauseCause.allCases { pauses(cause).increment(by: 0) }
    }

    /// Of the one that carries the calls.
    nonisolated var carrierName: String { carrier.name }
    var store: Store { office.store }
    nonisolated func now() -> Date { office.now() }

    /// Calls can be placed from now on: the carrier finds us there.
    package nonisolated func listening(at baseURL: String) { address.withLock { $0 = baseURL } }

    private var baseURL: String? { address.withLock { $0 } }

    /// Something was seen on a call that we placed. Any thread; never waits.
    nonisolated func note(_ finding: OutboundWatch.Finding, of call: OutboundCall, callID: String) {
        if case .dropped = inlet.yield((call, callID, finding)) {
            Counter(label: "parley_campaign_findings_dropped_total", factory: factory).increment()
            logger.error("what was seen of a call is lost", metadata: ["attempt": "\(call.attempt)"])
        }
    }

    /// Looks at the campaigns soon. Any thread; never waits.
    package nonisolated func lookSoon() { wake.yield() }

    /// Works until it is cancelled. Requests under way then are looked up at the next start.
    package func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { [wake, options] in
                repeat { wake.yield() } while (try? await Task.sleep(for: options.tick)) != nil
            }
            var lock: DialerLock?
            // On a server each try is a connection.
            var nextTry = ContinuousClock.now
            for await _ in wakes {
                if let held = lock, await !held.isHeld() { lock = nil }
                if lock == nil, ContinuousClock.now >= nextTry {
                    lock = await takeLock()
                    nextTry = .now + Self.lockRetry
                    if lock != nil, await !takeOver() { lock = nil }
                }
                guard lock != nil else {
                    try? await sweep()
                    continue
                }
                let orders = await tick()
                // Deciding about all campaigns takes its time, and the carrier counts what comes to it.
                rate.begin(now())
                for order in orders { group.addTask { await self.dial(order) } }
                // Many contacts are put off, who would hold up those behind them.
                guard hasMore, !isPausing else { continue }
                isPausing = true
                group.addTask { await self.lookAgain() }
            }
            group.cancelAll()
        }
    }

    /// One at a time: each look may ask for another, and those that the clock brings would begin ever more chains of them.
    private func lookAgain() async {
        try? await Task.sleep(for: Self.shortPause)
        isPausing = false
        wake.yield()
    }

    private static let lockRetry = Duration.seconds(2)
    private static let shortPause = Duration.milliseconds(20)
    private var hasComplained = false

    /// The account's rate holds over nodes: what the one before has begun counts.
    ///
    /// - Returns: false when nobody knows what it has begun.
    private func takeOver() async -> Bool {
        do {
            let begun = try await store.intendedTimes(since: now() - rate.memory)
            rate.note(begun)
            strangers = Set(try await store.openAttempts().filter { $0.state == .placed }.map(\.id)).subtracting(known)
            return true
        } catch {
            logger.error("calls cannot be placed", metadata: ["reason": "\(error)"])
            return false
        }
    }

    private func takeLock() async -> DialerLock? {
        do {
            let lock = try await DialerLock.take(of: store)
            if lock == nil, !hasComplained {
                hasComplained = true
                logger.warning("another process places the calls of this database; waiting for it to end")
            }
            return lock
        } catch {
            if !hasComplained { logger.error("calls cannot be placed", metadata: ["reason": "\(error)"]) }
            hasComplained = true
            return nil
        }
    }

    /// Takes what is seen on calls that we placed. Works until it is cancelled, beside ``run()`` and longer.
    func follow() async {
        await withDiscardingTaskGroup { group in
            for await (call, callID, finding) in findings {
                switch finding {
                case .optedOut(let reason):
                    guard let owed = owe(call, callID: callID, reason: reason) else { continue }
                    // One that cannot be stored yet holds up nobody.
                    if owedOptOuts.count <= Self.mostOwed {
                        group.addTask { await self.keep(owed) }
                    } else {
                        await keep(owed)
                    }
                case .ended(let call): await mediaEnded(call)
                }
            }
        }
    }

    /// Forgets attempts that another node has ended: nobody tells this one.
    private func sweep() async throws {
        guard nextSweep.isOver(at: now(), chosenWithin: Self.sweepPause) else { return }
        nextSweep = now() + Self.sweepPause
        try await countPaused()
        let ids = known.union(concluding.keys).union(held.keys).union(missing).union(nextChecks.keys)
            .union(strangers)
        guard !ids.isEmpty else { return }
        let open = try await store.openAttemptIDs()
        for id in ids.subtracting(open) where !placing.contains(id) { forget(id) }
    }

    private static let sweepPause: TimeInterval = 30
    private static let countPause: TimeInterval = 2

    // MARK: Deciding

    private func tick() async -> [Order] {
        hasMore = false
        guard baseURL != nil else { return [] }
        // What was intended before the store failed is carried out all the same.
        var orders: [Order] = []
        do {
            try await lookAfterAttempts()
            try await sweep()
            let open = try await store.openAttemptCounts()
            var room = accountConcurrency.map { $0 - open.values.reduce(0, +) } ?? .max
            let running = try await store.campaigns(in: .running)
            let ids = Set(running.map(\.id))
            lines = lines.filter { ids.contains($0.key) }
            abandonments = abandonments.filter { ids.contains($0.key) }
            let names = Set(running.map(\.name))
            hourlyAnswers = hourlyAnswers.filter { names.contains($0.key) }
            if !running.isEmpty { await rate.look(now(), isDialling: true) }
            for record in running {
                let before = orders.count
                try await work(record, live: open[record.id, default: 0], room: room, into: &orders)
                room -= orders.count - before
            }
        } catch {
            logger.error("campaigns cannot go on now", metadata: ["reason": "\(error)"])
        }
        return orders
    }

    /// Contacts looked at in one tick, so that a night's worth of them does not hold up other campaigns.
    static let batch = 200
    /// Contacts decided about at a time, where fewer may be called.
    private static let leastPart = 20

    private func work(_ record: CampaignRecord, live: Int, room: Int, into orders: inout [Order]) async throws {
        let now = now()
        let campaign = try CampaignDefinition(stored: record.definition)
        var load = Pacer.Load(live: live)
        if campaign.pacing.targetAnswered != nil {
            load.answered = try await store.answeredAttemptCount(campaign: record.id)
            load.abandonment = try await abandonment(of: record)
        }
        if lines[record.id]?.since != record.changedAt {
            lines[record.id] = Line(pacer: Pacer(campaign.pacing, started: now), since: record.changedAt)
        }
        // Never a copy across an await: attempts end meanwhile.
        let own = lines[record.id]?.pacer.allowance(now, load) ?? 0
        var allowance = min(own, rate.available(now), freeLines(), room)
        guard allowance > 0, now >= rest.until else { return }
        let due = try await store.dueContacts(campaign: record.id, now: now, limit: Self.batch)
        if due.isEmpty {
            if live == 0, try await !store.hasOpenContacts(campaign: record.id) {
                _ = try await store.moveCampaign(
                    id: record.id, from: [.running], to: .finished, reason: "every contact is done", at: now)
                logger.info("campaign finished", metadata: ["campaign": "\(record.name)"])
            }
            return
        }
        var use = try await store.callerIDUse(since: now - 86_400)
        let abandonment = try await abandonment(of: record)
        var left = due[...]
        while allowance > 0, !left.isEmpty {
            let part = Array(left.prefix(max(allowance, Self.leastPart)))
            left = left.dropFirst(part.count)
            let verdicts = try await office.verdicts(
                on: part, of: record, campaign, use: use, abandonment: abandonment, limit: allowance)
            use = verdicts.use
            for (rule, count) in verdicts.rules {
                Counter(label: "parley_campaign_decisions_total", dimensions: [("rule", rule)], factory: factory)
                    .increment(by: count)
            }
            try await store.postpone(verdicts.postponements, at: self.now())
            let stored = try await intend(verdicts.calls.map(\.attempt))
            for (attempt, permit) in verdicts.calls where stored.contains(attempt.id) {
                allowance -= 1
                lines[record.id]?.pacer.placed(now)
                rate.take(now)
                orders.append(
                    Order(
                        attempt: attempt, permit: permit, ringTimeout: campaign.pacing.ringTimeout,
                        findsMachines: campaign.machine != .talk))
            }
            if verdicts.isOutOfNumbers { return }
        }
        if allowance > 0, due.count == Self.batch { hasMore = true }
    }

    /// Stores intents, which are this process's to carry out from that moment on.
    private func intend(_ attempts: [AttemptRecord]) async throws -> Set<String> {
        let ids = attempts.map(\.id)
        placing.formUnion(ids)
        do {
            let stored = try await store.intend(attempts)
            placing.subtract(ids.filter { !stored.contains($0) })
            return stored
        } catch {
            // They may be stored all the same: then they are looked up with the carrier like any other.
            placing.subtract(ids)
            throw error
        }
    }

    /// Counted anew every few seconds, and at once when somebody was left without an agent: over 30 days there is much to
    /// count.
    private func abandonment(of record: CampaignRecord) async throws -> AbandonmentRate {
        if let counted = abandonments[record.id],
            !counted.until.isOver(at: now(), chosenWithin: Self.countPause)
        {
            return counted.rate
        }
        let rate = try await office.abandonment(of: record)
        abandonments[record.id] = (rate, now() + Self.countPause)
        return rate
    }

    // MARK: Dialling

    /// Asks the carrier for a call, unless its permit has run out meanwhile.
    func dial(_ order: Order) async {
        let id = order.attempt.id
        defer { placing.remove(id) }
        do {
            guard let baseURL, order.permit.holds(at: now()) else {
                return await finish(
                    order.attempt, .notPlaced, "the permit was too old", next: now(), wasAsked: false)
            }
            guard try await store.markAsked(attempt: id, at: now()) else { return }
            // The store may have taken its time; nothing has left yet.
            guard order.permit.holds(at: now()) else {
                return await finish(
                    order.attempt, .notPlaced, "the permit was too old", next: now(), wasAsked: false)
            }
            let query = "?attempt=\(id)"
            func path(_ path: OutboundPath) -> String { "\(baseURL)/\(carrier.name)/\(path.rawValue)" }
            let request = OutboundCallRequest(
                to: order.permit.number, from: order.permit.callerID, answerURL: path(.answer) + query,
                statusURL: path(.status) + query,
                machineURL: order.findsMachines ? path(.machine) + query : nil,
                ringTimeout: order.ringTimeout)
            let call = try await carrier.place(request)
            known.insert(id)
            rest.answered()
            // Where it is named later, its first news or the carrier's list tell.
            guard let call else { return }
            _ = try await store.markPlaced(attempt: id, carrierCallID: call.id, at: now())
        } catch let error as CallControlError {
            await refused(order.attempt, error)
        } catch {
            logger.error("an attempt is not stored", metadata: ["attempt": "\(id)", "reason": "\(error)"])
        }
    }

    private func refused(_ attempt: AttemptRecord, _ error: CallControlError) async {
        logger.warning("the carrier placed no call", metadata: ["attempt": "\(attempt.id)", "reason": "\(error)"])
        switch error.code {
        case .notSent: await finish(attempt, .notPlaced, error.detail, next: failed(.unreachable))
        case .tooMany(let retry): await finish(attempt, .notPlaced, error.detail, next: failed(.busy(retry)))
        case .refused(401, _), .refused(403, _):
            await finish(attempt, .notPlaced, error.detail, next: failed(.busy(.seconds(60))))
            await pauseAll("the carrier does not accept the account: \(error.detail)", .account)
        case .wrongNumber:
            rest.answered()
            await finish(attempt, .wrongNumber, error.detail)
        case .refused:
            rest.answered()
            await finish(attempt, .failed, error.detail)
        case .ambiguous, .noSuchCall:
            // It may ring by now. The carrier's list tells, in a while.
            _ = failed(error.retryAfter.map { .busy($0) } ?? .unreachable)
        }
    }

    /// - Returns: when a call that was certainly not placed may be tried again.
    private func failed(_ fault: CarrierRest.Fault) -> Date {
        let before = rest.count
        let next = rest.failed(fault, at: now())
        if rest.count > before { Counter(label: "parley_campaign_rests_total", factory: factory).increment() }
        return next
    }

    private func pauseAll(_ reason: String, _ cause: PauseCause) async {
        for record in (try? await store.campaigns(in: .running)) ?? [] { await pause(record, reason, cause) }
    }

    private func pause(_ record: CampaignRecord, _ reason: String, _ cause: PauseCause) async {
        logger.error("campaign paused", metadata: ["campaign": "\(record.name)", "reason": "\(reason)"])
        let moment = now()
        do {
            let isFirst = try await store.moveCampaign(
                id: record.id, from: [.running], to: .paused, reason: reason, at: moment
            ) { [webhooks] in webhooks.campaignPaused(record, reason: reason, at: moment) }
            guard isFirst else { return }
            pauses(cause).increment()
            try? await countPaused()
        } catch { logger.error("the pause is not stored", metadata: ["reason": "\(error)"]) }
    }

    private nonisolated func pauses(_ cause: PauseCause) -> Counter {
        Counter(label: "parley_campaign_pauses_total", dimensions: [("cause", cause.rawValue)], factory: factory)
    }

    private func countPaused() async throws {
        let paused = try await store.campaignCount(in: .paused)
        Gauge(label: "parley_campaigns_paused", factory: factory).record(paused)
    }

    // MARK: Ending

    /// Ends an attempt, once, and plans the next one.
    ///
    /// - Parameters:
    ///   - next: overrides the retry plan.
    ///   - wasAsked: whether the request left, or may have: what never did says nothing of the carrier, and does not count for
    ///     the breaker.
    func finish(
        _ attempt: AttemptRecord, _ outcome: AttemptOutcome, _ detail: String?, next: Date? = nil, wasAsked: Bool = true
    ) async {
        do {
            guard let contact = try await store.contact(id: attempt.contactID),
                let record = try await store.campaign(id: attempt.campaignID)
            else { return }
            let campaign = try CampaignDefinition(stored: record.definition)
            let attempts = contact.attempts + (outcome.counts ? 1 : 0)
            let plan = RetryPlanner.plan(
                after: outcome, attempts: attempts, callback: contact.callbackAt,
                bestTime: try await bestTime(after: attempt, of: contact, in: campaign), at: now(), seed: contact.id,
                campaign)
            var again = next
            if again == nil, case .again(let at) = plan { again = at }
            let end = Store.AttemptEnd(
                outcome: outcome.rawValue, detail: detail, counts: outcome.counts, next: again,
                keepsPromise: outcome.isLive)
            let moment = now()
            let isFirst = try await store.end(attempt: attempt.id, end, at: moment) { [webhooks] in
                webhooks.attemptFinished($0, at: moment)
            }
            forget(attempt.id)
            guard isFirst else { return }
            Counter(
                label: "parley_campaign_attempts_total", dimensions: [("outcome", outcome.rawValue)], factory: factory
            ).increment()
            logger.info(
                "attempt ended",
                metadata: ["campaign": "\(record.name)", "attempt": "\(attempt.id)", "outcome": "\(outcome.rawValue)"])
            noteHour(of: attempt, outcome, in: campaign)
            if wasAsked { lines[record.id]?.pacer.ended(outcome, at: moment) }
            if outcome == .abandoned { abandonments[record.id] = nil }
            if let reason = lines[record.id]?.pacer.tripped { await pause(record, reason, .breaker) }
        } catch {
            // Looked at again in a while: nothing is lost, as the carrier knows how the call ended.
            logger.error(
                "the end of an attempt is not stored", metadata: ["attempt": "\(attempt.id)", "reason": "\(error)"])
        }
    }

    func forget(_ id: String) {
        known.remove(id)
        strangers.remove(id)
        nextChecks[id] = nil
        missing.remove(id)
        firstMisses[id] = nil
        held[id] = nil
        concluding[id] = nil
    }
}

/// Where the carrier finds us with questions and news of calls that we placed: `/NAME/…`.
enum OutboundPath: String, CaseIterable {
    case answer = "outbound"
    case status = "outbound-status"
    case machine = "outbound-machine"
}

extension GateDecision {
    /// As it is stored with an attempt or a contact.
    func stored() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
