package import Campaigns
import Foundation
package import Store

/// What the gate judges by, of one contact or of many at a time.
extension CampaignOffice {
    /// Everything the gate will ask about a contact, now.
    @inline(never)
    package func facts(
        _ contact: ContactRecord, in campaign: CampaignDefinition, isRunning: Bool, callerID: String?,
        abandonment: AbandonmentRate
    ) async throws -> GateFacts {
        // Not inlined: in its callers the optimizer of Swift 6.3.1 crashes over what it makes of it.
        var facts = try await facts([contact], in: campaign, isRunning: isRunning, abandonment: abandonment)[0]
        facts.callerID = callerID
        return facts
    }

    /// As the facts of one contact, in the contacts' order; none has a number to call from yet.
    func facts(
        _ contacts: [ContactRecord], in campaign: CampaignDefinition, isRunning: Bool, abandonment: AbandonmentRate
    ) async throws -> [GateFacts] {
        let subjects = try await subjects(contacts, in: campaign)
        let registry = try await store.listVersion(SuppressionRecord.nationalList)
        let isStopped = try await store.agentStops().contains { $0.covers(campaign.agent) }
        let isTakenOff = try await store.standing(of: campaign.agent)?.escalates ?? false
        let disclosure = disclosure(of: campaign)
        return subjects.map { subject in
            var facts = GateFacts(
                campaign: campaign, isRunning: isRunning, number: subject.number, parsed: subject.parsed,
                place: subject.place, attempts: subject.attempts, callbackAt: subject.callbackAt,
                history: subject.history, suppressions: subject.suppressions, consents: subject.consents,
                registryVersion: registry, disclosure: disclosure, callerID: nil, abandonment: abandonment)
            facts.isAgentTakenOff = isTakenOff
            facts.isAgentStopped = isStopped
            return facts
        }
    }

    /// Contacts with everything that is stored about their numbers, in their order.
    func subjects(
        _ contacts: [ContactRecord], in campaign: CampaignDefinition
    ) async throws -> [RehearsalContact] {
        let standings = try await store.standings(
            of: contacts.map(\.number), conversations: [AttemptOutcome.reached.rawValue], now: now())
        return contacts.map { contact in
            let parsed = try? PhoneNumber(contact.number, country: campaign.countries[0])
            let standing = standings[contact.number] ?? NumberStanding()
            var subject = RehearsalContact(
                id: contact.id, number: contact.number, parsed: parsed, place: contact.place(of: parsed, rules: rules),
                attempts: contact.attempts, nextAt: contact.nextAt, history: standing.history,
                suppressions: standing.suppressions, consents: standing.consents)
            subject.callbackAt = contact.callbackAt
            return subject
        }
    }
}
