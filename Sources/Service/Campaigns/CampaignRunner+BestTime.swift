import Campaigns
import Foundation
import Store

/// What is known of when people answer, for the next attempt of a contact who did not.
extension CampaignRunner {
    /// Attempts that are looked at when a process begins; those after them are counted as they end.
    private static let remembered = 5000

    /// - Returns: nil where the campaign does not ask for it, or nobody knows where the contact is.
    func bestTime(
        after attempt: AttemptRecord, of contact: ContactRecord, in campaign: CampaignDefinition
    ) async throws -> BestTime? {
        guard campaign.retries.bestTimeWithin != nil else { return nil }
        let place = contact.place(in: campaign, rules: office.rules)
        guard let zone = place.timeZones.first else { return nil }
        if hourlyAnswers[campaign.name]?.answers == nil {
            // From here on what ends is noted, while the store is asked: others come in meanwhile, and may ask as well.
            if hourlyAnswers[campaign.name] == nil { hourlyAnswers[campaign.name] = HourlyBook() }
            let ended = try await store.endedAttempts(campaign: attempt.campaignID, limit: Self.remembered)
            let past = ended.compactMap { past in
                AttemptOutcome(rawValue: past.outcome).flatMap {
                    entry(past.id, to: past.number, at: past.intendedAt, $0)
                }
            }
            hourlyAnswers[campaign.name]?.read(past)
        }
        let tried = try await store.attempts(contact: contact.id).filter { past in
            // What never rang says nothing of who is there.
            guard past.id != attempt.id, let outcome = past.outcome.flatMap(AttemptOutcome.init(rawValue:)) else {
                return past.id == attempt.id
            }
            return outcome.counts && !outcome.isLive
        }
        return BestTime(
            hours: CallingHours(campaign, at: place, under: office.rules), zone: zone, tried: tried.map(\.intendedAt),
            answers: hourlyAnswers[campaign.name]?.answers ?? HourlyAnswers())
    }

    /// Counts an attempt that has just ended, where anybody asks.
    func noteHour(of attempt: AttemptRecord, _ outcome: AttemptOutcome, in campaign: CampaignDefinition) {
        guard hourlyAnswers[campaign.name] != nil,
            let entry = self.entry(attempt.id, to: attempt.number, at: attempt.intendedAt, outcome)
        else { return }
        hourlyAnswers[campaign.name]?.note(entry)
    }

    /// - Returns: nil where nobody knows in which zone the number is.
    private func entry(
        _ id: String, to number: String, at moment: Date, _ outcome: AttemptOutcome
    ) -> HourlyBook.Entry? {
        guard let zone = office.rules.zones.place(of: number)?.timeZones.first else { return nil }
        return HourlyBook.Entry(attempt: id, outcome: outcome, hour: BestTime.hour(of: moment, in: zone))
    }
}
