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
    struct Line {
        var pacer: Pacer
        /// When it was last told to run: a new start begins the ramp, and closes the breaker, anew.
        var since: Date
    }

    let office: CampaignOffice
    let carrier: CallControl
    let options: Options
    let webhooks: WebhookRoster
    let logger: Logger
    let freeLines: @Sendable () -> Int
    let rate: CallRate
    let accountConcurrency: Int?
    var lines: [String: Line] = [:]
    /// Where the carrier reaches us; nil until we listen.
    private nonisolated let address = Lock<String?>(nil)
    var rest = CarrierRest()
    private var nextSweep = Date.distantPast
    var abandonments: [String: (rate: AbandonmentRate, until: Date)] = [:]
    /// How often people answer by the hour, by campaign; of those alone that look for the best time.
    var hourlyAnswers: [String: HourlyBook] = [:]
    /// Whether contacts are due that could have been decided about in the last tick.
    var hasMore = false
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
    /// Attempts of which it is not stored yet how long somebody waited for the agent.
    var owedGreetings: Set<String> = []

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

    var baseURL: String? { address.withLock { $0 } }

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
                case .ended(let call):
                    guard let owed = await mediaEnded(call) else { continue }
                    if owedGreetings.count <= Self.mostOwed {
                        group.addTask { await self.keep(owed) }
                    } else {
                        await keep(owed)
                    }
                }
            }
        }
    }

    /// Forgets attempts that another node has ended: nobody tells this one.
    func sweep() async throws {
        guard nextSweep.isOver(at: now(), chosenWithin: Self.sweepPause) else { return }
        nextSweep = now() + Self.sweepPause
        try await countPaused()
        let share = try await office.largestAbandonment()
        Gauge(label: "parley_campaign_abandonment_share", factory: factory).record(share)
        let ids = known.union(concluding.keys).union(held.keys).union(missing).union(nextChecks.keys)
            .union(strangers)
        guard !ids.isEmpty else { return }
        let open = try await store.openAttemptIDs()
        for id in ids.subtracting(open) where !placing.contains(id) { forget(id) }
    }

    private static let sweepPause: TimeInterval = 30
}
