package import Agent
import Campaigns
package import Foundation
package import Logging
import Networking
package import Store

/// Does what teams do around calls, each step once.
///
/// A step is taken under a lease and done under a key of its own. Should the process end in between, the next one takes it
/// up again with the same key, and every tool answers what it did already. What is done is not done again.
package struct TeamRunner: Sendable {
    /// What steps are done with.
    package struct Workshop: Sendable {
        var agents: @Sendable () -> [String: AgentDefinition]
        var dialogue: @Sendable (AgentDefinition, CallFacts) throws -> any Dialogue
        /// Nil where no calls can be placed.
        var office: CampaignOffice?

        package init(
            agents: @escaping @Sendable () -> [String: AgentDefinition],
            dialogue: @escaping @Sendable (AgentDefinition, CallFacts) throws -> any Dialogue,
            office: CampaignOffice? = nil
        ) {
            self.agents = agents
            self.dialogue = dialogue
            self.office = office
        }
    }

    /// Runs worked on at once.
    private static let width = 8
    /// Between tries of a step whose model failed.
    private static let pause: TimeInterval = 20

    private let store: Store
    private let workshop: Workshop
    private let desk: StoredReviewDesk
    private let lease: Duration
    private let now: @Sendable () -> Date
    private let logger: Logger
    /// Runs that this process is at work on.
    private let busy = Lock<Set<String>>([])

    /// - Parameter lease: how long a process may be silent before another one takes its step over.
    package init(
        store: Store, workshop: Workshop, webhooks: WebhookRoster = WebhookRoster(), lease: Duration = .seconds(60),
        now: @escaping @Sendable () -> Date = { Date() }, logger: Logger
    ) {
        self.store = store
        self.workshop = workshop
        desk = StoredReviewDesk(store: store, webhooks: webhooks, now: now)
        self.lease = lease
        self.now = now
        self.logger = logger
    }

    /// Works until cancelled.
    package func run(every interval: Duration) async {
        await withDiscardingTaskGroup { group in
            while !Task.isCancelled {
                do {
                    for run in try await look() where begins(run.id) {
                        group.addTask {
                            await advance(run.id)
                            ends(run.id)
                        }
                    }
                } catch {
                    logger.error("teams' runs could not be looked at", metadata: ["error": "\(error)"])
                }
                guard (try? await Task.sleep(for: interval)) != nil else { break }
            }
            group.cancelAll()
        }
    }

    /// Does everything that can be done now.
    package func runOnce() async throws {
        for run in try await look() { await advance(run.id) }
    }

    private func begins(_ id: String) -> Bool {
        busy.withLock { $0.count < Self.width && $0.insert(id).inserted }
    }

    private func ends(_ id: String) { busy.withLock { _ = $0.remove(id) } }

    /// Takes up the calls that have ended, and finds what is open.
    private func look() async throws -> [TeamRunRecord] {
        let following = workshop.agents().filter { !$0.value.team.after.isEmpty }
        try await store.watchTeams(of: Set(following.keys))
        let office = TeamOffice(store: store, now: now)
        for (name, agent) in following.sorted(by: { $0.key < $1.key }) {
            for call in try await store.callsWithoutTeam(of: name, placedBy: TeamCall.prefix, now: now()) {
                try await office.follow(call: call, of: agent)
            }
        }
        return try await store.openTeamRuns()
    }

    /// As far as the run can go now.
    private func advance(_ id: String) async {
        do {
            while !Task.isCancelled {
                try await settleWaiting(try await store.teamRun(id: id))
                let run = try await store.teamRun(id: id)
                guard run.state == .open else { return }
                let plan = try run.team()
                switch run.progress(of: plan).next(run.steps, now: now()) {
                case .wait: return
                case .begin(let names):
                    await withDiscardingTaskGroup { group in
                        for name in names { group.addTask { await work(name, of: run, plan) } }
                    }
                case .finish(let state, let reason):
                    guard try await store.finish(run: id, state, because: reason, now: now()) else { return }
                    logger.notice(
                        "a team's run is over",
                        metadata: [
                            "run": "\(id)", "agent": "\(run.agent)", "state": "\(state.rawValue)",
                            "reason": "\(reason ?? "")",
                        ])
                    return
                }
            }
        } catch {
            logger.error("a team's run could not go on", metadata: ["run": "\(id)", "error": "\(error)"])
        }
    }

    // MARK: What is waited for

    private func settleWaiting(_ run: TeamRunRecord) async throws {
        for step in run.steps where step.state == .waiting {
            let outcome: TeamStepOutcome?
            if step.name == TeamPlan.call {
                outcome = try await callOutcome(run, step)
            } else {
                outcome = try await reviewOutcome(step)
            }
            if let outcome { try await store.note(step: step.name, ofRun: run.id, outcome, now: now()) }
        }
    }

    private func callOutcome(_ run: TeamRunRecord, _ step: TeamStepRecord) async throws -> TeamStepOutcome? {
        guard let office = workshop.office else { return nil }
        let found = try await TeamCall(office: office).outcome(run, begun: step.beganAt, now: now())
        guard let found else { return nil }
        if let attempt = found.attempt, let call = attempt.callID {
            // What was said is told to the steps that follow, so it must be stored first. It comes within moments, or never.
            guard try await store.hasEnded(call: call) else {
                let isLost = now().timeIntervalSince(attempt.endedAt ?? now()) > 60
                return isLost ? found.outcome : nil
            }
            try await store.note(call: call, ofRun: run.id)
        }
        return found.outcome
    }

    private func reviewOutcome(_ step: TeamStepRecord) async throws -> TeamStepOutcome? {
        guard let id = step.reviewID else { return TeamStepOutcome(.failed, reason: "its review is not known") }
        try await store.expireReviews(now: now())
        let review = try await store.review(id: id)
        switch review.state {
        case .pending, .approved, .running: return nil
        case .done:
            let report = review.result.flatMap { try? JSONValue(parsing: $0) }?["report"]?.string
            return TeamStepOutcome(.done, result: report, reason: "approved by \(review.decidedBy ?? "somebody")")
        case .rejected:
            let note = review.note.map { ": \($0)" } ?? ""
            return TeamStepOutcome(.rejected, reason: "rejected by \(review.decidedBy ?? "somebody")\(note)")
        case .expired: return TeamStepOutcome(.expired, reason: "nobody looked at its report in time")
        case .failed, .unclear:
            return TeamStepOutcome(.failed, reason: "its review \(review.state.rawValue): \(review.result ?? "")")
        }
    }

    // MARK: Work

    private func work(_ name: String, of run: TeamRunRecord, _ plan: TeamPlan) async {
        do {
            guard try await store.claim(step: name, ofRun: run.id, lease: lease, now: now()) else { return }
            let attempts = try await store.teamRun(id: run.id).step(name)?.attempts ?? 1
            let outcome = try await keepingLease(name, of: run) {
                await result(of: name, in: run, plan, attempts: attempts)
            }
            // A process that is told to stop leaves the step as it is: the next one takes it up again.
            guard let outcome, !Task.isCancelled else { return }
            try await store.note(step: name, ofRun: run.id, outcome, now: now())
        } catch {
            logger.error(
                "a team's step could not be noted",
                metadata: ["run": "\(run.id)", "step": "\(name)", "error": "\(error)"])
        }
    }

    private func keepingLease(
        _ name: String, of run: TeamRunRecord, _ work: @escaping @Sendable () async -> TeamStepOutcome?
    ) async throws -> TeamStepOutcome? {
        await withTaskGroup(of: TeamStepOutcome?.self) { group in
            group.addTask { await work() }
            group.addTask {
                while (try? await Task.sleep(for: lease / 3)) != nil {
                    try? await store.renew(step: name, ofRun: run.id, lease: lease, now: now())
                }
                return nil
            }
            let outcome = await group.next() ?? nil
            group.cancelAll()
            return outcome
        }
    }

    private func result(
        of name: String, in run: TeamRunRecord, _ plan: TeamPlan, attempts: Int
    ) async -> TeamStepOutcome? {
        // A call is placed once however often it is begun, and the gate may let it wait many times.
        guard attempts <= TeamProgress.mostAttempts || name == TeamPlan.call else {
            return TeamStepOutcome(.failed, reason: "begun \(attempts - 1) times, and never came to its end")
        }
        do {
            let values = try await values(of: run)
            if name == TeamPlan.call {
                guard let office = workshop.office else {
                    return TeamStepOutcome(.failed, reason: "this program cannot place calls")
                }
                let reports = plan.before.flatMap(\.self).compactMap { values[$0.name] }
                return try await TeamCall(office: office).begin(
                    run, brief: reports.joined(separator: " "), now: now())
            }
            guard let step = plan.step(name) else {
                return TeamStepOutcome(.failed, reason: "the plan has no such step")
            }
            return try await report(step, of: run, values, attempts: attempts)
        } catch {
            return Task.isCancelled ? nil : TeamStepOutcome(.failed, reason: "\(error)")
        }
    }

    private func report(
        _ step: TeamStep, of run: TeamRunRecord, _ values: [String: String], attempts: Int
    ) async throws -> TeamStepOutcome? {
        guard let agent = workshop.agents()[step.agent] else {
            return TeamStepOutcome(.failed, reason: "there is no agent `\(step.agent)` any more")
        }
        guard let task = step.task(with: values) else {
            let missing = step.needs.filter { values[$0] == nil }.joined(separator: ", ")
            return TeamStepOutcome(.failed, reason: "its task needs \(missing), which is not there")
        }
        // Acts have keys below the step's name, the same at every attempt.
        let call = CallFacts(
            callID: "team-\(run.id)-\(step.name)", callerNumber: values["number"] ?? "", parameters: run.variables)
        var conversation = TextConversation(try workshop.dialogue(agent, call), call: call)
        _ = try await conversation.start()
        let reply = try await conversation.say(task)
        guard !Task.isCancelled else { return nil }
        let report = TeamReport(reply, of: agent)
        let calls = TeamText.calls(reply)
        if report.hasModelFailed, attempts < TeamProgress.mostAttempts {
            return TeamStepOutcome(
                .pending, reason: "the model failed", calls: calls, notBefore: now().addingTimeInterval(Self.pause))
        }
        var outcome = TeamStepOutcome(.done, confidence: report.confidence, result: report.text, calls: calls)
        let isSure = report.confidence >= step.minConfidence
        let doubt =
            "its confidence is \(TeamText.share(report.confidence)), and \(TeamText.share(step.minConfidence)) is asked for"
        switch step.review {
        case .never where !isSure, .below where !isSure && report.text.isEmpty, .always where report.text.isEmpty:
            outcome.state = .failed
            outcome.reason = report.text.isEmpty ? "\(step.agent) reported nothing" : doubt
            return outcome
        case .below where isSure, .never: return outcome
        case .below, .always: break
        }
        let reason = isSure ? "the team wants a person's look at what is handed over" : doubt
        let ticket = try await desk.file(
            ReviewRequest(
                idempotencyKey: "\(call.callID)/hand-over",
                call: CallFacts(callID: call.callID, callerNumber: call.callerNumber),
                agent: agent.name, agentVersion: agent.version, tool: TeamHandOver.name,
                arguments: [
                    "run": .string(run.id), "step": .string(step.name),
                    "report": .string(String(report.text.prefix(20_000))),
                ], reason: reason, expiry: .milliseconds(Int64(step.reviewHours * 3_600_000))))
        outcome.state = .waiting
        outcome.reason = reason
        outcome.reviewID = ticket.id
        return outcome
    }

    /// What tasks can name: what was given, what was reported, and the call.
    private func values(of run: TeamRunRecord) async throws -> [String: String] {
        var values = run.variables
        let run = try await store.teamRun(id: run.id)
        for step in run.steps where step.state == .done { values[step.name] = step.result ?? "" }
        // An optional step that failed leaves a gap, and says so.
        for step in run.steps where step.state.isSettled && step.state != .done {
            values[step.name] = "(not known: \(step.reason ?? step.state.rawValue))"
        }
        values["outcome"] = values.removeValue(forKey: TeamPlan.call)
        if let call = run.callID {
            let story = try await store.story(ofCall: call)
            values["transcript"] = TeamText.transcript(story)
            if values["outcome"] == nil { values["outcome"] = story.call.outcome ?? story.call.endReason ?? "ended" }
        } else if values["outcome"] != nil {
            values["transcript"] = "(nobody spoke)"
        }
        return values
    }
}
