import Agent
import Foundation
import Logging
import Store

/// What runs wait for.
extension TeamRunner {
    /// Notes what came of the call and the reviews that a run waits for.
    func settle(_ id: String) async {
        do {
            let run = try await store.teamRun(id: id)
            guard run.state == .open else { return }
            for step in run.steps where step.state == .waiting {
                let outcome =
                    step.name == TeamPlan.call ? try await callOutcome(run) : try await reviewOutcome(step)
                guard let outcome else { continue }
                try await store.note(step: step.name, ofRun: id, attempt: nil, outcome, now: now())
            }
        } catch {
            logger.error(
                "what a team's run waits for could not be looked at", metadata: ["run": "\(id)", "error": "\(error)"])
        }
    }

    private func callOutcome(_ run: TeamRunRecord) async throws -> TeamStepOutcome? {
        guard let office = workshop.office else { return nil }
        let found = try await TeamCall(office: office).outcome(run, now: now())
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
        var review = try await store.review(id: id)
        if review.state == .pending, review.expiresAt <= now() {
            try await store.expireReviews(now: now(), masking: { [mask] in mask.maskJSON($0) })
            review = try await store.review(id: id)
        }
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
}
