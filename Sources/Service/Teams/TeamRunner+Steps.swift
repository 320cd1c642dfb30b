import Agent
import Foundation
import Logging
import Store

/// What steps do.
extension TeamRunner {
    /// Between tries of a step whose model failed.
    private static let pause: TimeInterval = 20

    /// - Returns: nil where nothing is to be noted, and the step is taken up again when its lease is over.
    func result(
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
        } catch let error as StoreError {
            // Nobody knows how far it came. When the lease is over the step is taken up again under the same keys.
            logger.error(
                "a team's step is put off, as the store fails",
                metadata: ["run": "\(run.id)", "step": "\(name)", "error": "\(error)"])
            return nil
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
        let calls = mask.maskJSON(TeamText.calls(reply))
        if report.hasModelFailed {
            // What it said is an apology, and nothing to hand over.
            guard attempts < TeamProgress.mostAttempts else {
                return TeamStepOutcome(
                    .failed, confidence: 0, reason: "the model failed \(attempts) times", calls: calls)
            }
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
