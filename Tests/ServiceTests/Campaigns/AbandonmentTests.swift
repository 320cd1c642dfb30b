import CallSession
import Campaigns
import Foundation
import Store
import Telephony
import Testing

@testable import Service

@Suite("People who get no agent in time")
struct AbandonmentTests {
    @Test(
        "since they are greeted late count with the abandoned, and stay what they were, also where the carrier's news come first"
    )
    func late() async throws {
        let people = CampaignUnderTest.numbers(4).map { NewContact(number: $0) }
        try await QuietRunner.run(people, freeLines: { 0 }) { runner, office, contacts, _ in
            let store = office.store
            for (index, delay) in [40_000, 12_000, 40_000, 40_000].enumerated() {
                let id = "a\(index)"
                try await QuietRunner.place(id, contacts[index], in: store, at: OfficeUnderTest.noon)
                let call = await runner.answered(attempt: id, carrierCallID: "CA-\(id)", callID: "c\(index)")
                #expect(call != nil)
                let held = HeldCall(
                    attempt: id, reason: "caller hung up", length: .seconds(20), callerTurns: 2, answerer: .person,
                    wasAudible: index != 3, greetingDelay: delay)
                if index == 2 {
                    // As where another node than the one that holds the call is told of its end.
                    let attempt = try #require(try await store.attempt(id: id))
                    await runner.finish(attempt, .reached, nil)
                    await runner.mediaEnded(held)
                } else {
                    await runner.mediaEnded(held)
                    await runner.status(attempt: id, carrierCallID: "CA-\(id)", CarrierReport(status: .completed))
                }
                let attempt = try #require(try await store.attempt(id: id))
                #expect(attempt.outcome == (index == 3 ? "abandoned" : "reached"))
                #expect(attempt.greetingDelay == delay)
            }
            // Who heard nobody counts once, however long they waited.
            let rate = try await office.abandonment(of: try await store.campaign(named: "reminder"))
            #expect(rate == AbandonmentRate(answered: 4, abandoned: 1, late: 2))
            #expect(try await office.largestAbandonment() == 0.75)

            let status = try await office.status("reminder")
            #expect(status.abandonment == CampaignStatus.Abandonment(rate, limit: 0.025))
            #expect(status.outcomes == ["reached": 3, "abandoned": 1])
            let text = CampaignText.status(status)
            #expect(text.contains("4 people who answered in 30 days: 1 abandoned, 2 late; 75.0 %, limit 2.5 %"))
            #expect(try await office.list().map(\.abandonment) == [nil])

            let decision = try await office.explain("reminder", number: contacts[0].number).now
            let check = try #require(decision.checks.first { $0.rule == .abandonment })
            #expect(check.detail == "abandoned: 3 of 4 calls that a person answered in 30 days, 2 of them late")
            #expect(check.verdict != .dial)
        }
    }
}
