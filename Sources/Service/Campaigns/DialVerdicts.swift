import Campaigns
import Foundation
import Store

/// What the gate said of contacts that are due: whom to call, once that is stored, and who waits or is done.
struct DialVerdicts: Sendable {
    var calls: [(attempt: AttemptRecord, permit: DialPermit)] = []
    var postponements: [Store.Postponement] = []
    /// Decisions by the rule that objected, `none` where none did.
    var rules: [String: Int] = [:]
    /// Calls of each of our numbers today, with these.
    var use: [String: Int]
    /// Whether every number to call from has called as often as it may: the others were not decided about.
    var isOutOfNumbers = false
}

extension CampaignOffice {
    /// Decides about contacts that are due, until `limit` of them may be called.
    ///
    /// - Parameter use: calls of each of our numbers today.
    func verdicts(
        on contacts: [ContactRecord], of record: CampaignRecord, _ campaign: CampaignDefinition, use: [String: Int],
        abandonment: AbandonmentRate, limit: Int
    ) async throws -> DialVerdicts {
        var verdicts = DialVerdicts(use: use)
        let presence = LocalPresence(campaign.callerIDs)
        let facts = try await facts(contacts, in: campaign, isRunning: true, abandonment: abandonment)
        for (contact, var facts) in zip(contacts, facts) where verdicts.calls.count < limit {
            facts.callerID = presence.choose(for: facts.parsed, limit: campaign.callsPerCallerID) {
                verdicts.use[$0, default: 0]
            }
            // Without a number to call from nobody can be called: the others are not asked for that.
            guard facts.callerID != nil || campaign.callerIDs.isEmpty else {
                verdicts.isOutOfNumbers = true
                break
            }
            let (decision, permit) = Gate.decide(facts, under: rules, at: now())
            verdicts.rules[decision.rule?.rawValue ?? "none", default: 0] += 1
            guard let permit else {
                verdicts.postponements.append(try postponement(of: contact, decision))
                continue
            }
            verdicts.use[permit.callerID, default: 0] += 1
            var attempt = AttemptRecord(
                id: CallID.new(), campaignID: record.id, contactID: contact.id, number: permit.number,
                callerID: permit.callerID, agent: campaign.agent, decision: try decision.stored(), intendedAt: now())
            attempt.signature = decisionKeys.signature(of: attempt)
            verdicts.calls.append((attempt, permit))
        }
        return verdicts
    }

    private func postponement(of contact: ContactRecord, _ decision: GateDecision) throws -> Store.Postponement {
        let until: Date?
        switch decision.verdict {
        case .wait(let moment): until = max(moment, now() + 1)
        case .never, .dial: until = nil
        }
        return Store.Postponement(
            contact: contact.id, until: until, outcome: until == nil ? decision.rule?.rawValue : nil,
            decision: try decision.stored())
    }
}
