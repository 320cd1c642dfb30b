import Agent
import Foundation
import Logging
import Store

/// Scores calls that have ended: rules at once, and where a card asks questions a judge.
///
/// A call is taken under a lease, so that of several nodes one scores it, and another one where that one dies. A judge's
/// request is noted before it is sent, so that no fault makes it be asked for ever.
struct ScorecardRunner: Sendable {
    private let bench: CallWorkbench
    private let counters: ScorecardCounters
    private var store: Store { bench.store }

    init(bench: CallWorkbench, counters: ScorecardCounters = ScorecardCounters()) {
        self.bench = bench
        self.counters = counters
    }

    /// Works until cancelled.
    func run(every interval: Duration) async {
        await worker.run(every: interval) {
            bench.logger.error("calls could not be scored", metadata: ["error": "\($0)"])
        }
    }

    private var worker: CallWorker<ScorecardClaim> {
        CallWorker(
            want: { _ = try await store.wantScores(ofAgents: bench.agents.scored, window: $0, now: bench.now()) },
            isOpen: { try await store.hasScorecardWork(now: bench.now()) },
            claim: { try await store.claimScorecard(lease: bench.lease, now: bench.now()) }, work: { await score($0) })
    }

    /// Scores one call now, unless somebody else is about to.
    func score(call id: String) async throws {
        guard let claim = try await store.claimScorecard(ofCall: id, lease: bench.lease, now: bench.now()) else {
            return
        }
        await score(claim)
    }

    private func score(_ claim: ScorecardClaim) async {
        let id = claim.record.callID
        await bench.work(on: id, failure: "a call could not be scored") {
            let found = try await outcome(claim)
            let isStored = try await bench.keep(
                on: id, cost: found.cost, failure: "a scorecard could not be stored; it is tried again"
            ) { try await store.note(found, for: claim, now: bench.now()) }
            if isStored, found.state == .done, found.card != nil { counters.scored(found) }
        }
    }

    private func outcome(_ claim: ScorecardClaim) async throws -> ScorecardOutcome {
        let story = try await store.story(ofCall: claim.record.callID)
        guard let agent = try await bench.agents.agent(story.call.agent, version: story.call.agentVersion),
            let card = agent.scorecard
        else {
            return ScorecardOutcome(state: .done, note: "the agent \(story.call.agent) has no scorecard")
        }
        let call = ScoredCall(story, of: agent)
        var verdict = card.verdict(on: call)
        guard verdict.isPending, let settings = card.judge else { return done(verdict) }
        let meter = UsageMeter()
        guard let model = bench.model(of: settings.provider, meter: meter) else {
            return unjudged(&verdict, settings.noProvider)
        }
        let waiting = verdict.findings.filter { $0.standing == .pending }
        var questions: [(criterion: String, text: String)] = []
        for criterion in card.criteria where waiting.contains(where: { $0.criterion == criterion.name }) {
            if let text = criterion.question { questions.append((criterion.name, text)) }
        }
        let question = JudgeQuestion(questions, on: call, settings: settings)
        let attempts = claim.record.attempts
        if let reason = settings.refusal(asking: "judge", tokens: question.tokens, after: attempts) {
            return unjudged(&verdict, reason)
        }
        guard let room = await bench.room(at: settings.provider) else { return postponed(verdict, settings) }
        defer { room.giveBack() }
        let attempt = try await store.beginJudging(
            claim, card: card.name, dailyRequests: settings.dailyRequests, lease: settings.timeout + bench.lease,
            now: bench.now())
        guard let attempt else { return unjudged(&verdict, settings.usedUp(of: "card")) }
        let judge = ScorecardJudge(model: model, timeout: settings.timeout)
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
            outcome.notBefore = bench.nextRequest(after: attempt)
        }
        if isCut { meter.addCut(question: question.tokens, of: settings.provider, since: 0) }
        outcome.cost = bench.cost(of: meter)
        return outcome
    }

    private func postponed(_ verdict: ScorecardVerdict, _ settings: JudgeSettings) -> ScorecardOutcome {
        var outcome = stored(verdict, .partial)
        guard !Task.isCancelled else { return outcome }
        counters.postponed()
        outcome.note = settings.noRoom(asking: "judge")
        outcome.notBefore = bench.nextRequest(after: 1)
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
