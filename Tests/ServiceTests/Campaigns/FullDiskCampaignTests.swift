import Campaigns
import Emulators
import Foundation
import GRDB
import Networking
import Store
import Telephony
import Testing

@testable import Service

@Suite("A campaign on a disk that becomes full")
struct FullDiskCampaignTests {
    /// More than the pages that are there already have room for.
    private static let numbers = CampaignUnderTest.numbers(100)
    /// Bytes that the database may grow by.
    private static let room = 1 << 20

    @Test("asks for nobody whose intent is not stored; with room again it goes on, and everybody is called once")
    func becomesFull() async throws {
        try await CampaignUnderTest.run {
            $0.callee = { _, _ in .busy }
            // Nobody listens here: how a call went is found out.
            $0.callbacks = { _ in .none }
        } _: { test in
            try await test.begin(Self.numbers) { $0.pacing.concurrency = 20 }
            let store = try await Self.bounded(test.database)
            let log = LogCollector()
            let client = HTTPClient(logger: log.logger)
            let runner = try Self.runner(of: test, store, client, log)
            runner.listening(at: "http://127.0.0.1:1")
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { await runner.run() }
                try await Self.fillForAWhile(test, store, log)
                tasks.cancelAll()
            }
            await client.shutdown()
            try await Self.expectOneCallEach(test, store)
            try store.close()
        }
    }

    /// Fills the disk while people are called, and frees it again; returns when the campaign has finished.
    private static func fillForAWhile(_ test: CampaignUnderTest, _ store: Store, _ log: LogCollector) async throws {
        // Whoever else fills the disk has no bound.
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        let disk = try DatabaseQueue(path: test.database, configuration: configuration)
        try await wait(for: "the first calls", log) { test.carrier.calls.count >= 5 }
        try await disk.write { db in
            try db.execute(sql: "INSERT INTO probe (bytes) VALUES (zeroblob(?))", arguments: [2 * Self.room])
        }
        let before = refusals(in: log)
        #expect(before == 0)
        try await wait(for: "intents that are not stored", log) { refusals(in: log) >= 5 }
        // The carrier's books first: what it was asked for by now has been stored by now.
        let calls = test.carrier.calls
        #expect(calls.count < numbers.count)
        for call in calls {
            let id = try #require(call.answerURL.components(separatedBy: "attempt=").last)
            let attempt = try #require(try await store.attempt(id: id), "a call without an intent")
            #expect(attempt.number == call.to)
            #expect(attempt.state != .intent)
        }
        #expect(try await store.campaign(named: "test").state == .running)
        try await disk.write { db in try db.execute(sql: "DELETE FROM probe") }
        try await wait(for: "the end of the campaign", log) {
            try await store.campaign(named: "test").state == .finished
        }
        try disk.close()
    }

    private static func expectOneCallEach(_ test: CampaignUnderTest, _ store: Store) async throws {
        let calls = test.carrier.calls
        #expect(
            Dictionary(grouping: calls, by: \.to).mapValues(\.count)
                == Dictionary(uniqueKeysWithValues: numbers.map { ($0, 1) }))
        #expect(test.carrier.requests == numbers.count)
        #expect(test.carriedByAttempt.values.allSatisfy { $0 == 1 })
        let campaign = try await store.campaign(named: "test")
        let contacts = try await store.contacts(campaign: campaign.id)
        #expect(contacts.count == numbers.count)
        var stored: Set<String> = []
        for contact in contacts {
            #expect(contact.state == .done && contact.outcome == "busy" && contact.attempts == 1)
            // Beside it there may be intents that were never asked for.
            let placed = try await store.attempts(contact: contact.id).filter { $0.carrierCallID != nil }
            #expect(placed.map(\.outcome) == ["busy"])
            stored.formUnion(placed.compactMap(\.carrierCallID))
        }
        #expect(stored == Set(calls.map(\.id)))
        #expect(try await store.openAttempts().isEmpty)
        try await store.verify()
    }

    // MARK: Parts

    /// The campaign's store, with room for some more.
    private static func bounded(_ path: String) async throws -> Store {
        let store = try Store(path: path)
        let size = try await store.size()
        try store.close()
        return try Store(path: path, options: StoreOptions(maximumSize: size + room))
    }

    private static func runner(
        of test: CampaignUnderTest, _ store: Store, _ client: HTTPClient, _ log: LogCollector
    ) throws -> CampaignRunner {
        var configuration = ParleyConfiguration()
        CampaignUnderTest.open(test.kind, test.directory, at: test.url, in: &configuration.carriers)
        let account = try #require(try CallingAccount(configuration))
        var options = CampaignUnderTest.options
        options.silence = 0.2
        options.recheck = 0.1
        return CampaignRunner(
            office: try test.office(store), carrier: CallControl(client: client, account.dialect),
            rate: CallRate(callsPerSecond: account.callsPerSecond), options: options, freeLines: { Self.numbers.count },
            logger: log.logger)
    }

    /// How often the store had no room for intents.
    private static func refusals(in log: LogCollector) -> Int {
        log.lines.count { $0.contains("store the intent to call") && $0.contains("[diskFull]") }
    }

    private static func wait(
        for what: String, _ log: LogCollector, until isDone: () async throws -> Bool
    ) async throws {
        let end = ContinuousClock.now + .seconds(60)
        while try await !isDone() {
            guard ContinuousClock.now < end else {
                throw Unexpected(what: what, got: "not there within a minute: \(log.lines.suffix(8))")
            }
            try await Task.sleep(for: .milliseconds(5))
        }
    }
}
