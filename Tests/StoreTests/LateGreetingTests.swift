import Foundation
import Testing

@testable import Store

@Suite("People who were greeted late, in the store", .onBothEngines)
struct LateGreetingTests {
    private static let now = Date(timeIntervalSince1970: 1_800_000_000)
    private static let day: TimeInterval = 86_400

    @Test("are counted by campaign, outcome and time; how long they waited is noted once, also after the end")
    func counted() async throws {
        let directory = try TemporaryDirectory()
        let store = try directory.store()
        for id in ["c1", "c2"] {
            try await store.createCampaign(
                CampaignRecord(id: id, name: "name-\(id)", definition: "{}", createdAt: Self.now))
        }
        let cases: [(campaign: String, outcome: String, delay: Int?, days: Double)] = [
            ("c1", "reached", 16_001, 0), ("c1", "reached", 16_000, 0), ("c1", "reached", nil, 0),
            ("c1", "reached", -800, 0), ("c1", "opted_out", 40_000, 29), ("c1", "reached", 40_000, 31),
            ("c1", "abandoned", 40_000, 0), ("c2", "reached", 40_000, 0),
        ]
        for (index, expected) in cases.enumerated() {
            let (id, number) = ("a\(index)", "+1212736500\(index)")
            _ = try await store.addContacts([NewContact(number: number)], toCampaign: expected.campaign, at: Self.now)
            let contact = try await store.contact(campaign: expected.campaign, number: number)
            let attempt = AttemptRecord(
                id: id, campaignID: expected.campaign, contactID: contact.id, number: number,
                callerID: "+12127365999", agent: "reminder", decision: "{}",
                intendedAt: Self.now - expected.days * Self.day)
            #expect(try await store.intend(attempt))
            let end = Store.AttemptEnd(outcome: expected.outcome, counts: true, next: nil)
            // The carrier's news may be faster than the media.
            if index.isMultiple(of: 2) { #expect(try await store.end(attempt: id, end, at: Self.now)) }
            if let delay = expected.delay {
                #expect(try await store.note(attempt: id, greetingDelay: delay))
                #expect(try await !store.note(attempt: id, greetingDelay: 99_000))
            }
            if !index.isMultiple(of: 2) { #expect(try await store.end(attempt: id, end, at: Self.now)) }
            #expect(try await store.attempt(id: id)?.greetingDelay == expected.delay)
        }
        #expect(try await !store.note(attempt: "unknown", greetingDelay: 1))
        // With the end, where nothing is known yet; what is known stays.
        for (id, noted, delay) in [("e1", nil, 40_000), ("e2", 8_000, 8_000)] as [(String, Int?, Int)] {
            let number = id == "e1" ? "+12127365101" : "+12127365102"
            _ = try await store.addContacts([NewContact(number: number)], toCampaign: "c2", at: Self.now)
            let contact = try await store.contact(campaign: "c2", number: number)
            #expect(
                try await store.intend(
                    AttemptRecord(
                        id: id, campaignID: "c2", contactID: contact.id, number: number, callerID: "+12127365999",
                        agent: "reminder", decision: "{}", intendedAt: Self.now)))
            if let noted { #expect(try await store.note(attempt: id, greetingDelay: noted)) }
            let end = Store.AttemptEnd(outcome: "busy", counts: true, next: nil, greetingDelay: 40_000)
            #expect(try await store.end(attempt: id, end, at: Self.now))
            #expect(try await store.attempt(id: id)?.greetingDelay == delay)
        }
        func late(_ campaign: String, _ outcomes: [String], days: Double = 30) async throws -> Int {
            try await store.lateAttemptCount(
                campaign: campaign, outcomes: outcomes, since: Self.now - days * Self.day)
        }
        #expect(try await late("c1", ["reached", "opted_out"]) == 2)
        #expect(try await late("c1", ["reached"]) == 1)
        #expect(try await late("c1", ["reached", "opted_out", "abandoned"], days: 90) == 4)
        #expect(try await late("c2", ["reached"]) == 1)
        #expect(try await late("c1", []) == 0)
        try store.close()
    }
}
