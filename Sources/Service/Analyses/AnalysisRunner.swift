import Agent
import Foundation
import Logging
import Metrics
import Speech
import Store

/// Writes calls down that have ended: by rules at once, and where the agent's file names a model by what that can prove.
struct AnalysisRunner: Sendable {
    private let store: Store
    let agents: ScoredAgents
    private let models: @Sendable () -> [String: any LanguageModel]
    private let gate: @Sendable (String) -> AccountGate?
    private let longestWait: Duration
    private let prices: ParleyConfiguration.Prices
    private let mask: PersonalDataMask
    private let webhooks: WebhookRoster
    private let counters: AnalysisCounters
    private let metrics: any MetricsFactory
    private let lease: Duration
    private let now: @Sendable () -> Date
    private let logger: Logger

    /// - Parameters:
    ///   - models: those of the configuration, by provider; without the limits of their accounts.
    ///   - gate: those limits, which this shares with calls.
    ///   - longestWait: for room in an account, before it is asked for later.
    ///   - mask: what is kept is masked, whoever wrote it.
    ///   - webhooks: who is told of it.
    ///   - lease: how long a process may take for a call's rules; for a model it takes more.
    init(
        store: Store, agents: ScoredAgents, models: @escaping @Sendable () -> [String: any LanguageModel],
        gate: @escaping @Sendable (String) -> AccountGate?, longestWait: Duration = .seconds(5),
        prices: ParleyConfiguration.Prices, mask: PersonalDataMask, webhooks: WebhookRoster = WebhookRoster(),
        counters: AnalysisCounters = AnalysisCounters(), metrics: any MetricsFactory = MetricsSystem.factory,
        lease: Duration = .seconds(60), now: @escaping @Sendable () -> Date = { Date() }, logger: Logger
    ) {
        self.store = store
        self.agents = agents
        self.models = models
        self.gate = gate
        self.longestWait = longestWait
        self.prices = prices
        self.mask = mask
        self.webhooks = webhooks
        self.counters = counters
        self.metrics = metrics
        self.lease = lease
        self.now = now
        self.logger = logger
    }

    /// Works until cancelled.
    func run(every interval: Duration) async {
        await worker.run(every: interval) {
            logger.error("calls could not be written down", metadata: ["error": "\($0)"])
        }
    }

    private var worker: CallWorker<AnalysisClaim> {
        CallWorker(
            want: { _ = try await store.wantAnalyses(ofAgents: agents.analyzed, window: $0, now: now()) },
            isOpen: { try await store.hasAnalysisWork(now: now()) },
            claim: { try await store.claimAnalysis(lease: lease, now: now()) }, work: { await write($0) })
    }

    private func write(_ claim: AnalysisClaim) async {
        do {
            let (found, source) = try await outcome(claim)
            let isOver = found.state == .done && source != nil
            let drafts =
                isOver ? webhooks.callAnalyzed(claim.record.callID, fence: claim.fence, at: now()) : []
            let isStored = try await CallWorkResult.store(
                isPaid: found.cost != nil,
                failed: {
                    logger.warning(
                        "what is written down of a call could not be stored; it is tried again",
                        metadata: ["call.id": "\(claim.record.callID)", "error": "\($0)"])
                }
            ) { try await store.note(found, for: claim, announcing: drafts, now: now()) }
            if isStored, isOver, let source { counters.written(by: source) }
            if let cost = found.cost { CallMetrics.count(cost, factory: metrics) }
        } catch {
            // The lease ends by itself, and the call is taken again.
            logger.error(
                "a call could not be written down",
                metadata: ["call.id": "\(claim.record.callID)", "error": "\(error)"])
        }
    }

    /// - Returns: what is to be stored, and who found it; nobody where the agent wants nothing written down.
    private func outcome(_ claim: AnalysisClaim) async throws -> (AnalysisOutcome, AfterCallRecord.Source?) {
        let story = try await store.story(ofCall: claim.record.callID)
        guard let agent = try await agents.agent(story.call.agent, version: story.call.agentVersion),
            let plan = agent.afterCall
        else {
            let note = "the file of the agent \(story.call.agent) has no `after_call`"
            return (AnalysisOutcome(state: .done, note: note), nil)
        }
        let call = ScoredCall(story, of: agent)
        let rules = plan.record(of: call)
        // Of a call on which nobody spoke a model knows no more than its record.
        guard let settings = plan.model, call.turns.contains(where: { $0.speaker == .caller && !$0.text.isEmpty })
        else { return (stored(rules, .done), .rules) }
        guard let model = models()[settings.provider] else {
            let reason = "there is no model provider `\(settings.provider)`; add providers.\(settings.provider)"
            return (stored(rules, .done, note: reason), .rules)
        }
        let meter = UsageMeter()
        let analyst = CallAnalyst(
            model: MeteredModel(model: model, provider: settings.provider, meter: { meter }), timeout: settings.timeout)
        let asked = Asked(
            claim: claim, agent: agent.name, plan: plan, settings: settings, call: call, rules: rules, meter: meter)
        var found = try await ask(analyst, asked)
        found.0.cost = prices.cost(of: meter.usage, carrier: "", length: .zero)
        return found
    }

    /// What a model is asked about.
    private struct Asked {
        let claim: AnalysisClaim
        let agent: String
        let plan: AfterCallPlan
        let settings: JudgeSettings
        let call: ScoredCall
        let rules: AfterCallRecord
        let meter: UsageMeter

        /// All that was used so far, whatever it is.
        var used: Int { meter.usage.reduce(0) { $0 + $1.quantity } }

        /// Counts the question of a request that was cut off: nobody tells what such a one used, but this at least was paid for.
        ///
        /// - Parameter before: what was used before it.
        func pay(for question: AfterCallQuestion, since before: Int) {
            guard used == before else { return }
            meter.add(ModelUsage(promptTokens: question.tokens, completionTokens: 0), of: settings.provider)
        }
    }

    /// Asks as often as may be: an answer that has not the form is refused with the reason at once, a model that is away is asked
    /// again later.
    private func ask(
        _ analyst: CallAnalyst, _ asked: Asked
    ) async throws -> (AnalysisOutcome, AfterCallRecord.Source?) {
        let (claim, settings) = (asked.claim, asked.settings)
        func byRules(_ note: String) -> (AnalysisOutcome, AfterCallRecord.Source?) {
            (stored(asked.rules, .done, note: note), .rules)
        }
        var objection: String?
        var attempts = claim.record.attempts
        while true {
            let question = AfterCallQuestion(asked.plan, on: asked.call, settings: settings, objection: objection)
            guard question.tokens <= settings.maxInputTokens else {
                return byRules(
                    "the call has about \(question.tokens) tokens, and `max_input_tokens` is \(settings.maxInputTokens)"
                )
            }
            guard attempts < settings.attempts else {
                return byRules("the model was asked \(attempts) times and never answered")
            }
            // Those who talk come first, and this is late rather than lost.
            var permit: AccountGate.Permit?
            if let gate = gate(settings.provider) {
                permit = await gate.enterAside(within: longestWait)
                if permit == nil { return (postponed(asked), .rules) }
            }
            defer { permit?.giveBack() }
            let attempt: Int?
            do {
                attempt = try await store.beginAnalysis(
                    claim, agent: asked.agent, dailyRequests: settings.dailyRequests, lease: settings.timeout + lease,
                    now: now())
            } catch {
                // What the answer before cost is still to be stored.
                guard objection != nil else { throw error }
                return (waiting(asked.rules, "the model is asked again later: \(error)", after: attempts), .rules)
            }
            guard let attempt else {
                return byRules("the agent's \(settings.dailyRequests) requests in 24 hours are used up")
            }
            attempts = attempt
            let before = asked.used
            do {
                let record = try await analyst.record(question, for: asked.plan, on: asked.call, else: asked.rules)
                counters.asked(answered: true)
                return (stored(record, .done), record.source)
            } catch _ where Task.isCancelled {
                asked.pay(for: question, since: before)
                // The service stops: the next process asks again, as if nobody had.
                var outcome = stored(asked.rules, .partial)
                outcome.isGivenUp = true
                return (outcome, .rules)
            } catch let failure as ModelForm.Failure {
                counters.asked(answered: false)
                if failure.isCut { asked.pay(for: question, since: before) }
                guard failure.isRetryable, attempt < settings.attempts else { return byRules(failure.reason) }
                guard !failure.isOfForm else {
                    objection = failure.reason
                    continue
                }
                return (waiting(asked.rules, failure.reason, after: attempt), .rules)
            } catch {
                counters.asked(answered: false)
                return (waiting(asked.rules, "\(error)", after: attempt), .rules)
            }
        }
    }

    private func postponed(_ asked: Asked) -> AnalysisOutcome {
        guard !Task.isCancelled else { return stored(asked.rules, .partial) }
        counters.postponed()
        let provider = asked.settings.provider
        return waiting(
            asked.rules, "calls use as much of the account as `providers.\(provider)` allows; the model is asked later",
            after: 1)
    }

    private func waiting(_ rules: AfterCallRecord, _ reason: String, after attempt: Int) -> AnalysisOutcome {
        var outcome = stored(rules, .partial, note: reason)
        outcome.notBefore = now().addingTimeInterval(CallWorkRetry.wait(after: attempt))
        return outcome
    }

    private func stored(
        _ record: AfterCallRecord, _ state: AnalysisRecord.State, note: String? = nil
    ) -> AnalysisOutcome {
        let record = record.masked(by: mask.mask)
        return AnalysisOutcome(
            state: state, disposition: record.disposition, summary: record.summary,
            results: String(decoding: APIJSON.encode(record), as: UTF8.self), note: note.map(mask.mask))
    }
}
