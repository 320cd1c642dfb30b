import Campaigns
import Foundation
import Logging
import Networking
import Store
import Telephony
import Testing

@testable import Service

@Suite("News of a call that come after a week")
struct LateNewsTests {
    private static let week: TimeInterval = 7 * 86_400

    /// A runner that places nothing, with a clock of its own and one contact of a running campaign.
    private func run(
        _ body: (CampaignRunner, Store, ContactRecord, _ clock: Lock<Date>) async throws -> Void
    ) async throws {
        try await OfficeUnderTest.run { test in
            let clock = Lock(OfficeUnderTest.noon)
            let office = CampaignOffice(
                store: test.office.store, rules: test.office.rules, agents: test.office.agents,
                now: { clock.withLock(\.self) })
            let file = OfficeUnderTest.configurationFolder.appending(path: "campaigns/reminder.yaml").path
            _ = try await office.create(file: file)
            let campaign = try await office.store.campaign(named: "reminder")
            _ = try await office.store.addContacts(
                [NewContact(number: "+12127365000")], toCampaign: campaign.id, at: OfficeUnderTest.noon)
            _ = try await office.start("reminder")
            var configuration = ParleyConfiguration()
            CampaignUnderTest.open(.twilio, test.directory, at: "http://127.0.0.1:1", in: &configuration.carriers)
            let account = try #require(try CallingAccount(configuration))
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            let client = HTTPClient(logger: logger)
            let runner = CampaignRunner(
                office: office, carrier: CallControl(client: client, account.dialect),
                rate: CallRate(callsPerSecond: 1), freeLines: { 0 }, logger: logger)
            let contact = try #require(try await office.store.contacts(campaign: campaign.id).first)
            try await body(runner, office.store, contact, clock)
            await client.shutdown()
        }
    }

    private func place(_ id: String, _ contact: ContactRecord, in store: Store, at now: Date) async throws {
        let attempt = AttemptRecord(
            id: id, campaignID: contact.campaignID, contactID: contact.id, number: contact.number,
            callerID: "+12125550199", agent: "reminder", decision: "{}", intendedAt: now)
        #expect(try await store.intend(attempt))
        #expect(try await store.markAsked(attempt: id, at: now))
        #expect(try await store.markPlaced(attempt: id, carrierCallID: "CA-\(id)", at: now))
    }

    @Test("end the attempt as they say, once, and the next one is planned from that moment")
    func first() async throws {
        try await run { runner, store, contact, clock in
            try await place("a1", contact, in: store, at: OfficeUnderTest.noon)
            let later = OfficeUnderTest.noon + Self.week
            clock.withLock { $0 = later }
            await runner.status(attempt: "a1", carrierCallID: "CA-a1", CarrierReport(status: .noAnswer))
            let ended = try #require(try await store.contact(id: contact.id))
            #expect(ended.state == .waiting)
            #expect(ended.outcome == "no_answer")
            #expect(ended.attempts == 1)
            #expect(ended.nextAt >= later + 4 * 3600)
            // Again, and other news of the same call.
            for status in [CarrierCall.Status.noAnswer, .busy, .completed, .inProgress] {
                await runner.status(attempt: "a1", carrierCallID: "CA-a1", CarrierReport(status: status))
            }
            #expect(try await store.contact(id: contact.id) == ended)
            #expect(try await store.attempts(contact: contact.id).map(\.outcome) == ["no_answer"])
        }
    }

    @Test("of an attempt that was given up change nothing: not its end, and not the call that is under way by then")
    func afterwards() async throws {
        try await run { runner, store, contact, clock in
            try await place("a1", contact, in: store, at: OfficeUnderTest.noon)
            let first = try #require(try await store.attempt(id: "a1"))
            await runner.finish(first, .failed, "the carrier does not know the call any more")
            let dueAt = OfficeUnderTest.noon + Self.week - 60
            clock.withLock { $0 = dueAt }
            try await place("a2", contact, in: store, at: dueAt)
            clock.withLock { $0 = dueAt + 60 }
            for status in [CarrierCall.Status.inProgress, .completed] {
                await runner.status(attempt: "a1", carrierCallID: "CA-a1", CarrierReport(status: status))
            }
            // The carrier asks what to say on it: it is ended, and nobody talks.
            let held = await runner.answered(attempt: "a1", carrierCallID: "CA-a1", callID: "c1")
            #expect(held == nil)
            let attempts = try await store.attempts(contact: contact.id)
            #expect(attempts.map(\.outcome) == ["failed", nil])
            #expect(attempts.map(\.state) == [.ended, .placed])
            #expect(try await store.contact(id: contact.id)?.attempts == 1)
            #expect(try await store.contact(id: contact.id)?.state == .calling)
        }
    }
}
