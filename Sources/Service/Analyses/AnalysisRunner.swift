import Agent
import Foundation
import Logging
import Store

/// Writes calls down that have ended: by rules at once, and where the agent's file names a model by what that can prove.
struct AnalysisRunner: Sendable {
    private let bench: CallWorkbench
    private let mask: PersonalDataMask
    private let webhooks: WebhookRoster
    private let counters: AnalysisCounters
    private var store: Store { bench.store }

    /// - Parameters:
    ///   - mask: what is kept is masked, whoever wrote it.
    ///   - webhooks: who is told of it.
    init(
        bench: CallWorkbench, mask: PersonalDataMask, webhooks: WebhookRoster = WebhookRoster(),
        counters: AnalysisCounters = AnalysisCounters()
    ) {
        self.bench = bench
        self.mask = mask
        self.webhooks = webhooks
        self.counters = counters
    }

    /// Works until cancelled.
    func run(every interval: Duration) async {
        await worker.run(every: interval) {
            bench.logger.error("calls could not be written down", metadata: ["error": "\($0)"])
        }
    }

    private var worker: CallWorker<AnalysisClaim> {
        CallWorker(
            want: { _ = try await store.wantAnalyses(ofAgents: bench.agents.analyzed, window: $0, now: bench.now()) },
            isOpen: { try await store.hasAnalysisWork(now: bench.now()) },
            claim: { try await store.claimAnalysis(lease: bench.lease, now: bench.now()) }, work: { await write($0) })
    }

    private func write(_ claim: AnalysisClaim) async {
        let id = claim.record.callID
        await bench.work(on: id, failure: "a call could not be written down") {
            let (found, source) = try await outcome(claim)
            let isOver = found.state == .done && source != nil
            let drafts = isOver ? webhooks.callAnalyzed(id, fence: claim.fence, at: bench.now()) : []
            let isStored = try await bench.keep(
                on: id, cost: found.cost,
                failure: "what is written down of a call could not be stored; it is tried again"
            ) { try await store.note(found, for: claim, announcing: drafts, now: bench.now()) }
            if isStored, isOver, let source { counters.written(by: source) }
        }
    }

    /// - Returns: what is to be stored, and who found it; nobody where the agent wants nothing written down.
    private func outcome(_ claim: AnalysisClaim) async throws -> (AnalysisOutcome, AfterCallRecord.Source?) {
        let story = try await store.story(ofCall: claim.record.callID)
        guard let agent = try await bench.agents.agent(story.call.agent, version: story.call.agentVersion),
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
        let meter = UsageMeter()
        guard let model = bench.model(of: settings.provider, meter: meter) else {
            return (stored(rules, .done, note: settings.noProvider), .rules)
        }
        let analyst = CallAnalyst(model: model, timeout: settings.timeout)
        let asked = Asked(
            claim: claim, agent: agent.name, plan: plan, settings: settings, call: call, rules: rules, meter: meter)
        var found = try await ask(analyst, asked)
        found.0.cost = bench.cost(of: meter)
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

        /// Counts a request that was cut off, `before` which so much was used.
        func pay(for question: AfterCallQuestion, since before: Int) {
            meter.addCut(question: question.tokens, of: settings.provider, since: before)
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
            if let reason = settings.refusal(asking: "model", tokens: question.tokens, after: attempts) {
                return byRules(reason)
            }
            guard let room = await bench.room(at: settings.provider) else { return (postponed(asked), .rules) }
            defer { room.giveBack() }
            let attempt: Int?
            do {
                attempt = try await store.beginAnalysis(
                    claim, agent: asked.agent, dailyRequests: settings.dailyRequests,
                    lease: settings.timeout + bench.lease, now: bench.now())
            } catch {
                // What the answer before cost is still to be stored.
                guard objection != nil else { throw error }
                return (waiting(asked.rules, "the model is asked again later: \(error)", after: attempts), .rules)
            }
            guard let attempt else { return byRules(settings.usedUp(of: "agent")) }
            attempts = attempt
            let before = asked.meter.total
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
        return waiting(asked.rules, asked.settings.noRoom(asking: "model"), after: 1)
    }

    private func waiting(_ rules: AfterCallRecord, _ reason: String, after attempt: Int) -> AnalysisOutcome {
        var outcome = stored(rules, .partial, note: reason)
        outcome.notBefore = bench.nextRequest(after: attempt)
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
