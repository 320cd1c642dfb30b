import Campaigns
import Foundation
import Networking
import Store
import Testing

@testable import Service

@Suite("What the breaker of a campaign counts")
struct BreakerTests {
    /// A runner that has looked at a running campaign of one contact who may be called, and works no more.
    private func run(
        _ body: (CampaignRunner, CampaignOffice, CampaignRecord, _ clock: Lock<Date>) async throws -> Void
    ) async throws {
        let consent = ConsentRecord(
            number: "+12127365000", seller: "Lakeside Clinic", kind: .express, source: "test",
            givenAt: OfficeUnderTest.noon)
        // Asked once the campaign's pacing has begun.
        let hasLooked = Flag()
        try await QuietRunner.run(
            [NewContact(number: "+12127365000", variables: ["name": "Bob"], consent: consent)],
            freeLines: {
                hasLooked.set()
                return 0
            }
        ) { runner, office, _, clock in
            runner.listening(at: "http://127.0.0.1:1")
            await withTaskGroup { group in
                group.addTask { await runner.run() }
                while !hasLooked.isSet, !Task.isCancelled { try? await Task.sleep(for: .milliseconds(5)) }
                group.cancelAll()
            }
            try await body(runner, office, try await office.store.campaign(named: "reminder"), clock)
        }
    }

    /// Lets the gate decide, and dials a minute later.
    private func dialTooLate(
        _ runner: CampaignRunner, _ office: CampaignOffice, _ record: CampaignRecord, _ clock: Lock<Date>
    ) async throws {
        let contact = try await office.store.contact(campaign: record.id, number: "+12127365000")
        let campaign = try CampaignDefinition(stored: record.definition)
        let verdicts = try await office.verdicts(
            on: [contact], of: record, campaign, use: [:], abandonment: AbandonmentRate(), limit: 1)
        let (attempt, permit) = try #require(verdicts.calls.first)
        #expect(try await office.store.intend(attempt))
        clock.withLock { $0 += 60 }
        await runner.dial(
            CampaignRunner.Order(
                attempt: attempt, permit: permit, ringTimeout: campaign.pacing.ringTimeout, findsMachines: true))
        #expect(try await office.store.attempt(id: attempt.id)?.outcome == "not_placed")
        #expect(try await office.store.attempt(id: attempt.id)?.detail == "the permit was too old")
    }

    @Test(
        "is what the carrier was asked for: permits that run out on the way to it pause nobody, calls that it does not have do"
    )
    func permits() async throws {
        try await run { runner, office, record, clock in
            let window = try CampaignDefinition(stored: record.definition).pacing.breakerWindow
            for _ in 0..<window + 5 { try await dialTooLate(runner, office, record, clock) }
            #expect(try await office.store.campaign(named: "reminder").state == .running)
            let contact = try await office.store.contact(campaign: record.id, number: "+12127365000")
            #expect(contact.state == .waiting && contact.attempts == 0)
            for index in 0..<window {
                #expect(try await office.store.campaign(named: "reminder").state == .running)
                let moment = clock.withLock(\.self)
                let attempt = AttemptRecord(
                    id: "lost\(index)", campaignID: record.id, contactID: contact.id, number: contact.number,
                    callerID: "+12125550199", agent: "reminder", decision: "{}", intendedAt: moment)
                #expect(try await office.store.intend(attempt))
                await runner.finish(attempt, .notPlaced, "the carrier has no such call", next: moment)
            }
            let paused = try await office.store.campaign(named: "reminder")
            #expect(paused.state == .paused && paused.reason == "\(window) of the last \(window) attempts failed")
        }
    }
}
