import Campaigns
import CoreMetrics
import Foundation
import Logging
import Store

/// Attempts that are over.
extension CampaignRunner {
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
                keepsPromise: outcome.isLive, greetingDelay: held[attempt.id]?.greetingDelay)
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
