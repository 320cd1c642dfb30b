import CallSession
import Campaigns
import Foundation
import GRDB
import Store
import Telephony
import Testing

@testable import Service

@Suite("How long somebody waited, where the store does not take it")
struct OwedGreetingTests {
    private static let people = CampaignUnderTest.numbers(2).map { NewContact(number: $0) }
    private static let delay = 40_000

    private static func held(_ index: Int) -> HeldCall {
        HeldCall(
            attempt: "a\(index)", reason: "caller hung up", length: .seconds(20), callerTurns: 2, answerer: .person,
            wasAudible: true, greetingDelay: delay)
    }

    private static func call(_ index: Int, _ contact: ContactRecord) -> OutboundCall {
        OutboundCall(
            attempt: "a\(index)", number: contact.number, callerID: "+12125550199", agent: "reminder", seller: "Acme",
            variables: [:], placed: PlacedCall(machine: .hangUp))
    }

    @Test("is stored once the store takes it, also where the attempt has ended meanwhile, and holds up no other")
    func repeated() async throws {
        try await QuietRunner.run(Self.people, freeLines: { 0 }) { runner, office, contacts, _ in
            let store = office.store
            for (index, contact) in contacts.enumerated() { try await place(index, contact, in: store) }
            // As where another node than the one that holds the call is told of its end.
            let attempt = try #require(try await store.attempt(id: "a0"))
            await runner.finish(attempt, .reached, nil)
            try await refuse("NEW.id = 'a0'", in: store)
            try await withThrowingTaskGroup { group in
                group.addTask { await runner.follow() }
                for (index, contact) in contacts.enumerated() {
                    runner.note(.ended(Self.held(index)), of: Self.call(index, contact), callID: "c\(index)")
                }
                try await eventually { try await store.attempt(id: "a1")?.greetingDelay == Self.delay }
                #expect(await runner.owedGreetings == ["a0"])
                #expect(try await store.attempt(id: "a0")?.greetingDelay == nil)
                try await accept(in: store)
                try await eventually { try await store.attempt(id: "a0")?.greetingDelay == Self.delay }
                try await eventually { await runner.owedGreetings.isEmpty }
                group.cancelAll()
            }
            let rate = try await office.abandonment(of: try await store.campaign(named: "reminder"))
            #expect(rate.late == 1)
        }
    }

    @Test("is stored with the attempt's end where that is quicker")
    func withTheEnd() async throws {
        try await QuietRunner.run(Self.people, freeLines: { 0 }) { runner, office, contacts, _ in
            let store = office.store
            try await place(0, contacts[0], in: store)
            try await refuse("NEW.state <> 'ended'", in: store)
            let owed = await runner.mediaEnded(Self.held(0))
            #expect(owed == OwedGreeting(attempt: "a0", delay: Self.delay))
            #expect(try await store.attempt(id: "a0")?.greetingDelay == nil)
            await runner.status(attempt: "a0", carrierCallID: "CA-a0", CarrierReport(status: .completed))
            let ended = try #require(try await store.attempt(id: "a0"))
            #expect(ended.state == .ended && ended.greetingDelay == Self.delay)
        }
    }

    @Test("is tried once more as the service ends, and the log says what is lost")
    func atTheEnd() async throws {
        let log = LogCollector()
        try await QuietRunner.run(Self.people, freeLines: { 0 }, logger: log.logger) { runner, office, contacts, _ in
            let store = office.store
            try await place(0, contacts[0], in: store)
            try await refuse("NEW.id = 'a0'", in: store)
            try await withThrowingTaskGroup { group in
                group.addTask { await runner.follow() }
                runner.note(.ended(Self.held(0)), of: Self.call(0, contacts[0]), callID: "c0")
                try await eventually { log.contains("is not stored yet", "attempt=a0") }
                group.cancelAll()
            }
            #expect(log.contains("is not stored as the service ends", "attempt=a0"))
            #expect(await runner.owedGreetings.isEmpty)
        }
    }

    // MARK: The store

    private func place(_ index: Int, _ contact: ContactRecord, in store: Store) async throws {
        try await QuietRunner.place("a\(index)", contact, in: store, at: OfficeUnderTest.noon)
        #expect(try await store.note(attempt: "a\(index)", answeredAt: OfficeUnderTest.noon, callID: "c\(index)"))
    }

    /// The database takes no such figure of attempts that `condition` holds for.
    private func refuse(_ condition: String, in store: Store) async throws {
        let database = try open(store)
        try await database.write { db in
            try db.execute(
                sql: """
                    CREATE TRIGGER refused BEFORE UPDATE OF greeting_delay ON attempts
                    WHEN NEW.greeting_delay IS NOT NULL AND \(condition)
                    BEGIN SELECT RAISE(ABORT, 'refused'); END
                    """)
        }
        try database.close()
    }

    private func accept(in store: Store) async throws {
        let database = try open(store)
        try await database.write { db in try db.execute(sql: "DROP TRIGGER refused") }
        try database.close()
    }

    /// Beside the runner, which writes meanwhile.
    private func open(_ store: Store) throws -> DatabaseQueue {
        var configuration = GRDB.Configuration()
        configuration.busyMode = .timeout(10)
        return try DatabaseQueue(path: store.path, configuration: configuration)
    }

    private func eventually(_ isSo: () async throws -> Bool) async throws {
        let end = ContinuousClock.now + .seconds(60)
        while try await !isSo() {
            guard ContinuousClock.now < end else { throw Unexpected(what: "a figure", got: "nothing in a minute") }
            try await Task.sleep(for: .milliseconds(5))
        }
    }
}
