import Campaigns
import Foundation
import Logging
import Networking
import Store
import Telephony
import Testing

@testable import Service

/// A runner that places nothing, with a clock of its own and contacts of a running campaign.
enum QuietRunner {
    static func run(
        contacts count: Int = 1,
        _ body: (CampaignRunner, Store, [ContactRecord], _ clock: Lock<Date>) async throws -> Void
    ) async throws {
        try await run(CampaignUnderTest.numbers(count).map { NewContact(number: $0) }, freeLines: { 0 }) {
            runner, office, contacts, clock in
            try await body(runner, office.store, contacts, clock)
        }
    }

    /// - Parameters:
    ///   - freeLines: asked by the runner once somebody lets it work.
    ///   - logger: the runner's and its client's.
    static func run(
        _ people: [NewContact], freeLines: @escaping @Sendable () -> Int,
        logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
        _ body: (CampaignRunner, CampaignOffice, [ContactRecord], _ clock: Lock<Date>) async throws -> Void
    ) async throws {
        try await OfficeUnderTest.run { test in
            let clock = Lock(OfficeUnderTest.noon)
            let office = CampaignOffice(
                store: test.office.store, rules: test.office.rules, agents: test.office.agents,
                now: { clock.withLock(\.self) })
            let file = OfficeUnderTest.configurationFolder.appending(path: "campaigns/reminder.yaml").path
            _ = try await office.create(file: file)
            let campaign = try await office.store.campaign(named: "reminder")
            _ = try await office.store.addContacts(people, toCampaign: campaign.id, at: OfficeUnderTest.noon)
            _ = try await office.start("reminder")
            var configuration = ParleyConfiguration()
            CampaignUnderTest.open(.twilio, test.directory, at: "http://127.0.0.1:1", in: &configuration.carriers)
            let account = try #require(try CallingAccount(configuration))
            let client = HTTPClient(logger: logger)
            let runner = CampaignRunner(
                office: office, carrier: CallControl(client: client, account.dialect),
                rate: CallRate(callsPerSecond: 1), freeLines: freeLines, logger: logger)
            var contacts: [ContactRecord] = []
            for person in people {
                contacts.append(try await office.store.contact(campaign: campaign.id, number: person.number))
            }
            try await body(runner, office, contacts, clock)
            await client.shutdown()
        }
    }

    /// The carrier has taken a call, `CA-` and the attempt's id.
    static func place(_ id: String, _ contact: ContactRecord, in store: Store, at now: Date) async throws {
        let attempt = AttemptRecord(
            id: id, campaignID: contact.campaignID, contactID: contact.id, number: contact.number,
            callerID: "+12125550199", agent: "reminder", decision: "{}", intendedAt: now)
        #expect(try await store.intend(attempt))
        #expect(try await store.markAsked(attempt: id, at: now))
        #expect(try await store.markPlaced(attempt: id, carrierCallID: "CA-\(id)", at: now))
    }
}
