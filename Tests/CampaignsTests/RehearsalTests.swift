import Foundation
import Store
import Testing

@testable import Campaigns

@Suite("A rehearsal")
struct RehearsalTests {
    private func contacts(_ count: Int, _ change: (Int, inout RehearsalContact) -> Void = { _, _ in }) throws
        -> [RehearsalContact]
    {
        let zones = try Tables.zones()
        let codes = ["212", "305", "312", "415", "208", "602", "808", "907"]
        return try (0..<count).map { index in
            let number = "+1\(codes[index % codes.count])736\(String(index / codes.count + 1000).suffix(4))"
            var contact = RehearsalContact(
                id: index, number: number, parsed: try PhoneNumber(number, country: "US"),
                place: CalleePlace(e164: number, country: "US", state: "", timeZone: nil, zones: zones), attempts: 0,
                nextAt: .distantPast, history: NumberHistory(), suppressions: [], consents: [Tables.consent(number)])
            change(index, &contact)
            return contact
        }
    }

    private func rehearse(
        _ contacts: [RehearsalContact], _ campaign: CampaignDefinition = Tables.campaign, seed: UInt64 = 1
    ) throws -> RehearsalReport {
        var rehearsal = Rehearsal(
            campaign, contacts: contacts, rules: try Tables.rules(),
            disclosure: Disclosure(greeting: Tables.greeting, seller: campaign.seller), registryVersion: nil,
            seed: seed,
            begins: try Tables.date("2026-12-01T00:00:00Z"))
        return rehearsal.run()
    }

    private var fast: CampaignDefinition {
        var campaign = Tables.campaign
        campaign.pacing.concurrency = 50
        campaign.pacing.callsPerSecond = 5
        campaign.callsPerCallerID = 100_000
        return campaign
    }

    @Test("calls everybody who may be called, no more often than meant, and adds up")
    func adds() throws {
        let report = try rehearse(try contacts(400), fast)
        #expect(report.contacts == 400)
        #expect(report.unfinished == 0)
        #expect(report.paused == nil)
        #expect(report.attempts == report.outcomes.values.reduce(0, +))
        #expect(report.attempts == report.hours.map(\.attempts).reduce(0, +))
        #expect(report.answered == report.hours.map(\.answered).reduce(0, +))
        #expect((400...1600).contains(report.attempts))
        #expect(report.mostCalls <= 50)
        #expect(report.blocked.isEmpty)
    }

    @Test("the same seed gives the same rehearsal, another one another")
    func seeded() throws {
        let people = try contacts(100)
        #expect(try rehearse(people, fast) == rehearse(people, fast))
        #expect(try rehearse(people, fast) != rehearse(people, fast, seed: 2))
    }

    @Test("whom a rule protects is counted by the rule and not called")
    func blocked() throws {
        let report = try rehearse(
            try contacts(90) { index, contact in
                if index < 20 {
                    contact.suppressions = [
                        SuppressionRecord(list: "internal", number: contact.number, reason: "x", addedAt: .distantPast)
                    ]
                } else if index < 50 {
                    contact.consents = []
                }
            }, fast)
        #expect(report.blocked == ["do not call": 20, "consent": 30])
        #expect(report.attempts >= 40)
    }

    @Test("whoever is being called when it begins is called like the others, and does not wait to its end")
    func underWay() throws {
        let report = try rehearse(
            try contacts(40) { index, contact in contact.history.hasOpenAttempt = index.isMultiple(of: 4) }, fast)
        #expect(report.delayed["open call"] == nil)
        #expect(report.unfinished == 0)
        #expect(try rehearse(contacts(40), fast) == report)
    }

    @Test("no call begins in an hour that is closed for everybody")
    func hours() throws {
        let report = try rehearse(try contacts(300), fast)
        for hour in report.hours where hour.attempts > 0 {
            // From nine in New York to eight in the evening in Honolulu; Sundays off.
            let inGreenwich = (Int(hour.begins.timeIntervalSince1970) / 3600) % 24
            #expect(!(6..<14).contains(inGreenwich), "\(hour)")
        }
    }

    @Test("numbers to call from that are used up hold the campaign back until tomorrow")
    func callerIDs() throws {
        var campaign = fast
        campaign.callsPerCallerID = 50
        let report = try rehearse(try contacts(200), campaign)
        #expect(report.delayed["caller id", default: 0] > 0)
        for day in Dictionary(grouping: report.hours, by: { Int($0.begins.timeIntervalSince1970) / 86_400 }).values {
            #expect(day.map(\.attempts).reduce(0, +) <= 100)
        }
    }
}
