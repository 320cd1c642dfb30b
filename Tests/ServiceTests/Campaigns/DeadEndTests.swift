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
        #expect(DeadEnd.unwanted.reason("SIP 607") == "call marked as unwanted (SIP 607)")
        #expect(DeadEnd.wrongNumber.reason(nil) == "wrong number")
    }

    @Test("are on the list of this installation, with the reason, so that no campaign calls them; their consent stands")
    func blocked() async throws {
        let cases: [(code: Int, outcome: String, reason: String?)] = [
            (404, "wrong_number", "wrong number (SIP 404)"), (604, "wrong_number", "wrong number (SIP 604)"),
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
}
