import Campaigns
import Foundation
import Store
import Telephony
import Testing

@testable import Service

@Suite("Numbers that are called no more although nobody said so")
struct DeadEndTests {
    @Test("are wrong ones, and those whose owner marks calls as unwanted")
    func ends() {
        for outcome in AttemptOutcome.allCases {
            let expected: DeadEnd? = outcome == .wrongNumber ? .wrongNumber : nil
            #expect(DeadEnd(outcome) == expected, "\(outcome)")
            #expect(DeadEnd(outcome, sipCode: 603) == DeadEnd(outcome), "\(outcome)")
        }
        #expect(DeadEnd(.rejected, sipCode: 607) == .unwanted)
        // Some carriers say so of a line that was busy.
        #expect(DeadEnd(.busy, sipCode: 607) == .unwanted)
        #expect(DeadEnd(.reached, sipCode: 607) == nil)
        for code in [404, 484] {
            #expect(DeadEnd.wrongNumber.needsAnotherDay(sipCode: code))
            #expect(!DeadEnd.unwanted.needsAnotherDay(sipCode: code))
        }
        for code in [410, 604, nil] { #expect(!DeadEnd.wrongNumber.needsAnotherDay(sipCode: code)) }
        #expect(DeadEnd.unwanted.reason("SIP 607") == "call marked as unwanted (SIP 607)")
        #expect(DeadEnd.wrongNumber.reason(nil) == "wrong number")
    }

    @Test("are on the list of this installation, with the reason, so that no campaign calls them; their consent stands")
    func blocked() async throws {
        let cases: [(code: Int, outcome: String, reason: String?)] = [
            // A trunk that is set up wrongly answers so for good numbers.
            (404, "wrong_number", nil), (484, "wrong_number", nil),
            (410, "wrong_number", "wrong number (SIP 410)"), (604, "wrong_number", "wrong number (SIP 604)"),
            (607, "rejected", "call marked as unwanted (SIP 607)"), (603, "rejected", nil), (608, "rejected", nil),
            (500, "failed", nil),
        ]
        let people = CampaignUnderTest.numbers(cases.count).map { number in
            NewContact(
                number: number,
                consent: ConsentRecord(
                    number: number, seller: "Lakeside Clinic", kind: .express, source: "form",
                    givenAt: OfficeUnderTest.noon - 86_400))
        }
        try await QuietRunner.run(people, freeLines: { 0 }) { runner, office, contacts, _ in
            let store = office.store
            for (index, expected) in cases.enumerated() {
                let (id, contact) = ("a\(index)", contacts[index])
                try await QuietRunner.place(id, contact, in: store, at: OfficeUnderTest.noon)
                let report = CarrierReport(status: .failed, sipCode: expected.code)
                // Said twice, as carriers do.
                for _ in 0..<2 { await runner.status(attempt: id, carrierCallID: "CA-\(id)", report) }
                #expect(try await store.attempt(id: id)?.outcome == expected.outcome)
                let standing = try await store.standing(
                    of: contact.number, conversations: [], now: OfficeUnderTest.noon)
                let reasons = expected.reason.map { [$0] } ?? []
                #expect(standing.suppressions.map(\.reason) == reasons, "\(expected)")
                #expect(standing.suppressions.allSatisfy { $0.list == SuppressionRecord.internalList })
                #expect(standing.consents.map(\.revokedAt) == [nil], "\(expected)")
                let decision = try await office.explain("reminder", number: contact.number).now
                #expect((decision.rule == .doNotCall) == (expected.reason != nil), "\(expected)")
            }
        }
    }

    /// What came of a call to a number, so many hours ago.
    private typealias Past = (hours: Double, outcome: String, isAnswered: Bool)

    @Test(
        "are unknown to the carrier on two days, with nobody there in between; a trunk that fails for a day costs none")
    func anotherDay() async throws {
        let cases: [(past: [Past], isListed: Bool)] = [
            ([], false), ([(24, "wrong_number", false)], true), ([(2, "wrong_number", false)], false),
            ([(24, "wrong_number", false), (2, "reached", true)], false), ([(24, "busy", false)], false),
            ([(48, "reached", true), (24, "wrong_number", false), (2, "wrong_number", false)], true),
        ]
        let people = CampaignUnderTest.numbers(cases.count).map { NewContact(number: $0) }
        try await QuietRunner.run(people, freeLines: { 0 }) { runner, office, contacts, _ in
            let store = office.store
            for (index, expected) in cases.enumerated() {
                let (id, contact) = ("a\(index)", contacts[index])
                for (turn, past) in expected.past.enumerated() {
                    try await place("past-\(index)-\(turn)", contact.number, past, in: store)
                }
                try await QuietRunner.place(id, contact, in: store, at: OfficeUnderTest.noon)
                let report = CarrierReport(status: .failed, sipCode: 404)
                await runner.status(attempt: id, carrierCallID: "CA-\(id)", report)
                // Either way this campaign does not call it again.
                #expect(try await store.attempt(id: id)?.outcome == "wrong_number")
                #expect(try await store.contact(id: contact.id)?.state == .done)
                let standing = try await store.standing(
                    of: contact.number, conversations: [], now: OfficeUnderTest.noon)
                let reasons = expected.isListed ? ["wrong number (SIP 404)"] : []
                #expect(standing.suppressions.map(\.reason) == reasons, "\(expected)")
            }
        }
    }

    /// An attempt of a campaign of its own that is over.
    private func place(_ id: String, _ number: String, _ past: Past, in store: Store) async throws {
        let moment = OfficeUnderTest.noon - past.hours * 3600
        try await store.createCampaign(CampaignRecord(id: id, name: id, definition: "{}", createdAt: moment))
        _ = try await store.addContacts([NewContact(number: number)], toCampaign: id, at: moment)
        let contact = try await store.contact(campaign: id, number: number)
        try await QuietRunner.place(id, contact, in: store, at: moment)
        if past.isAnswered { #expect(try await store.note(attempt: id, answeredAt: moment)) }
        let end = Store.AttemptEnd(outcome: past.outcome, counts: true, next: nil)
        #expect(try await store.end(attempt: id, end, at: moment))
    }
}
