import Agent
import Foundation
import Logging
import Metrics
import Speech
import Store

/// Scores calls that have ended: rules at once, and where a card asks questions a judge.
///
/// A call is taken under a lease, so that of several nodes one scores it, and another one where that one dies. A judge's
/// request is noted before it is sent, so that no fault makes it be asked for ever.
struct ScorecardRunner: Sendable {
    private let store: Store
    let agents: ScoredAgents
    private let models: @Sendable () -> [String: any LanguageModel]
    private let gate: @Sendable (String) -> AccountGate?
    private let longestWait: Duration
    private let prices: ParleyConfiguration.Prices
    private let counters: ScorecardCounters
    private let metrics: any MetricsFactory
    private let lease: Duration
    private let now: @Sendable () -> Date
    private let logger: Logger

    /// - Parameters:
    ///   - models: those of the configuration, by provider; without the limits of their accounts.
    ///   - gate: those limits, which a judge shares with calls.
    ///   - longestWait: for room in an account, before it is asked for later.
    ///   - prices: what a judge's tokens cost.
    ///   - metrics: where they are counted.
    ///   - lease: how long a process may take for a call's rules; for a judge it takes more.
    init(
        store: Store, agents: ScoredAgents, models: @escaping @Sendable () -> [String: any LanguageModel],
        gate: @escaping @Sendable (String) -> AccountGate?, longestWait: Duration = .seconds(5),
        prices: ParleyConfiguration.Prices, counters: ScorecardCounters = ScorecardCounters(),
        metrics: any MetricsFactory = MetricsSystem.factory, lease: Duration = .seconds(60),
        now: @escaping @Sendable () -> Date = { Date() }, logger: Logger
    ) {
        self.store = store
        self.agents = agents
        self.models = models
        self.gate = gate
        self.longestWait = longestWait
        self.prices = prices
        self.counters = counters
        self.metrics = metrics
        self.lease = lease
        self.now = now
        self.logger = logger
    }

    /// Works until cancelled.
    func run(every interval: Duration) async {
        await worker.run(every: interval) {
            logger.error("calls could not be scored", metadata: ["error": "\($0)"])
        }
    }

    private var worker: CallWorker<ScorecardClaim> {
        CallWorker(
            want: { _ = try await store.wantScores(ofAgents: agents.scored, window: $0, now: now()) },
            isOpen: { try await store.hasScorecardWork(now: now()) },
            claim: { try await store.claimScorecard(lease: lease, now: now()) }, work: { await score($0) })
    }

    /// Scores one call now, unless somebody else is about to.
    func score(call id: String) async throws {
        guard let claim = try await store.claimScorecard(ofCall: id, lease: lease, now: now()) else { return }
        await score(claim)
    }

    private func score(_ claim: ScorecardClaim) async {
        do {
            let outcome = try await outcome(claim)
            let isStored = try await stored(outcome, for: claim)
            if isStored, outcome.state == .done, outcome.card != nil { counters.scored(outcome) }
            if let cost = outcome.cost { CallMetrics.count(cost, factory: metrics) }
        } catch {
            // The lease ends by itself, and the call is taken again.
            logger.error(
                "a call could not be scored", metadata: ["call.id": "\(claim.record.callID)", "error": "\(error)"])
        }
    }

    private func stored(_ outcome: ScorecardOutcome, for claim: ScorecardClaim) async throws -> Bool {
        try await CallWorkResult.store(
            isPaid: outcome.cost != nil,
            failed: {
                logger.warning(
                    "a scorecard could not be stored; it is tried again",
                    metadata: ["call.id": "\(claim.record.callID)", "error": "\($0)"])
            }
        ) { try await store.note(outcome, for: claim, now: now()) }
    }

    private func outcome(_ claim: ScorecardClaim) async throws -> ScorecardOutcome {
        let story = try await store.story(ofCall: claim.record.callID)
        guard let agent = try await agents.agent(story.call.agent, version: story.call.agentVersion),
            let card = agent.scorecard
        else {
            return ScorecardOutcome(state: .done, note: "the agent \(story.call.agent) has no scorecard")
        }
        let call = ScoredCall(story, of: agent)
        var verdict = card.verdict(on: call)
        guard verdict.isPending, let settings = card.judge else { return done(verdict) }
        guard let model = models()[settings.provider] else {
            let reason = "there is no model provider `\(settings.provider)`; add providers.\(settings.provider)"
            return unjudged(&verdict, reason)
        }
        let waiting = verdict.findings.filter { $0.standing == .pending }
        var questions: [(criterion: String, text: String)] = []
        for criterion in card.criteria where waiting.contains(where: { $0.criterion == criterion.name }) {
            if let text = criterion.question { questions.append((criterion.name, text)) }
        }
        let question = JudgeQuestion(questions, on: call, settings: settings)
        guard question.tokens <= settings.maxInputTokens else {
            return unjudged(
                &verdict,
                "the call has about \(question.tokens) tokens, and `max_input_tokens` is \(settings.maxInputTokens)")
        }
        guard claim.record.attempts < settings.attempts else {
            return unjudged(&verdict, "the judge was asked \(claim.record.attempts) times and never answered")
        }
        // Those who talk come first: a judge is asked where there is room besides, and later rather than not at all.
        var permit: AccountGate.Permit?
        if let gate = gate(settings.provider) {
            permit = await gate.enterAside(within: longestWait)
            if permit == nil { return postponed(verdict, settings.provider) }
        }
        defer { permit?.giveBack() }
        let attempt = try await store.beginJudging(
            claim, card: card.name, dailyRequests: settings.dailyRequests, lease: settings.timeout + lease, now: now())
        guard let attempt else {
            return unjudged(&verdict, "the card's \(settings.dailyRequests) requests in 24 hours are used up")
        }
        let meter = UsageMeter()
        let judge = ScorecardJudge(
            model: MeteredModel(model: model, provider: settings.provider, meter: { meter }), timeout: settings.timeout)
        var outcome: ScorecardOutcome
        var isCut = false
        do {
            let findings = try await judge.findings(question, for: waiting, on: call)
            counters.judged(answered: true)
            verdict.settle(findings)
            outcome = done(verdict)
        } catch _ where Task.isCancelled {
            isCut = true
            // The service stops: the next process asks again, as if nobody had.
            outcome = stored(verdict, .partial)
            outcome.isGivenUp = true
        } catch let failure as ScorecardJudge.Failure where !failure.isRetryable || attempt >= settings.attempts {
            isCut = failure.isCut
            counters.judged(answered: false)
            outcome = unjudged(&verdict, failure.reason)
        } catch {
            isCut = (error as? ScorecardJudge.Failure)?.isCut ?? false
            counters.judged(answered: false)
            outcome = stored(verdict, .partial)
            outcome.note = "\(error)"
            outcome.notBefore = now().addingTimeInterval(CallWorkRetry.wait(after: attempt))
        }
        // Nobody tells what such a request used, but its question at least was paid for.
        if isCut, meter.usage.isEmpty {
            meter.add(ModelUsage(promptTokens: question.tokens, completionTokens: 0), of: settings.provider)
        }
        outcome.cost = prices.cost(of: meter.usage, carrier: "", length: .zero)
        return outcome
    }

    private func postponed(_ verdict: ScorecardVerdict, _ provider: String) -> ScorecardOutcome {
        var outcome = stored(verdict, .partial)
        guard !Task.isCancelled else { return outcome }
        counters.postponed()
        outcome.note = "calls use as much of the account as `providers.\(provider)` allows; the judge is asked later"
        outcome.notBefore = now().addingTimeInterval(CallWorkRetry.wait(after: 1))
        return outcome
    }

    private func unjudged(_ verdict: inout ScorecardVerdict, _ reason: String) -> ScorecardOutcome {
        verdict.giveUp(reason)
        var outcome = done(verdict)
        outcome.note = reason
        return outcome
    }

    private func done(_ verdict: ScorecardVerdict) -> ScorecardOutcome { stored(verdict, .done) }

    private func stored(_ verdict: ScorecardVerdict, _ state: ScorecardRecord.State) -> ScorecardOutcome {
        ScorecardOutcome(
            state: state, card: verdict.card, cardVersion: verdict.version, score: verdict.score,
            results: String(decoding: APIJSON.encode(verdict), as: UTF8.self),
            findings: verdict.findings.map {
                ScorecardOutcome.Finding(criterion: $0.criterion, standing: $0.standing.rawValue, weight: $0.weight)
            })
    }
}
