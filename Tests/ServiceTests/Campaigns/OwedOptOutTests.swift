import Agent
import CallSession
import Campaigns
import Foundation
import GRDB
import Store
import Telephony
import Testing

@testable import Service

@Suite("An opt-out that the store does not take")
struct OwedOptOutTests {
    private static let numbers = CampaignUnderTest.numbers(2)
    private static let people = numbers.map { NewContact(number: $0) }

    @Test("is repeated until it is stored, holds up no other, and nobody can call the number meanwhile")
    func repeated() async throws {
        try await QuietRunner.run(Self.people, freeLines: { 0 }) { runner, office, contacts, _ in
            let store = office.store
            for (index, contact) in contacts.enumerated() { try await place(index, contact, in: store) }
            try await refuse(Self.numbers[0], in: store)
            try await withThrowingTaskGroup { group in
                group.addTask { await runner.follow() }
                for (index, contact) in contacts.enumerated() {
                    runner.note(.optedOut(reason: "said so"), of: call(index, contact), callID: "c\(index)")
                }
                let held = HeldCall(
                    attempt: "a0", reason: "caller hung up", length: .seconds(9), callerTurns: 1, answerer: .person,
                    wasAudible: true)
                runner.note(.ended(held), of: call(0, contacts[0]), callID: "c0")
                try await eventually { try await isListed(Self.numbers[1], in: store) }
                try await eventually { await runner.held["a0"] != nil }
                await runner.status(attempt: "a0", carrierCallID: "CA-a0", CarrierReport(status: .completed))
                #expect(try await !isListed(Self.numbers[0], in: store))
                #expect(try await store.attempt(id: "a0")?.state == .placed)
                #expect(await runner.owedOptOuts.keys.sorted() == ["a0"])
                try await accept(in: store)
                try await eventually { try await store.attempt(id: "a0")?.state == .ended }
                #expect(try await store.attempt(id: "a0")?.outcome == "opted_out")
                #expect(try await isListed(Self.numbers[0], in: store))
                #expect(await runner.owedOptOuts.isEmpty)
                group.cancelAll()
            }
        }
    }

    @Test("is tried once more as the service ends, and the log says of which attempt it is missing, without the number")
    func atTheEnd() async throws {
        let log = LogCollector()
        try await QuietRunner.run(Self.people, freeLines: { 0 }, logger: log.logger) { runner, office, contacts, _ in
            let store = office.store
            for (index, contact) in contacts.enumerated() { try await place(index, contact, in: store) }
            try await refuse(Self.numbers[0], in: store)
            try await withThrowingTaskGroup { group in
                group.addTask { await runner.follow() }
                runner.note(.optedOut(reason: "pressed 9"), of: call(0, contacts[0]), callID: "c0")
                try await eventually { log.contains("an opt-out is not stored yet", "attempt=a0") }
                group.cancelAll()
            }
            #expect(log.contains("is not stored as the service ends", "attempt=a0"))
            #expect(!log.contains(Self.numbers[0]))
            #expect(await runner.owedOptOuts.isEmpty)
            // For the next start.
            #expect(try await store.attempt(id: "a0")?.state == .placed)
        }
    }

    /// What a call's record has of somebody who opted out, or did not.
    enum Trace: CaseIterable {
        case words, intent, key, keyAmongOthers, otherWords

        var isOptOut: Bool { [.words, .intent, .key].contains(self) }
    }

    @Test(
        "is found in the call's record by the process after the one that could not store it", arguments: Trace.allCases
    )
    func fromRecord(trace: Trace) async throws {
        try await QuietRunner.run(Self.people, freeLines: { 0 }) { runner, office, contacts, _ in
            let store = office.store
            try await place(0, contacts[0], in: store)
            try await store.apply(
                try Self.writes(trace).enumerated().map { RevisedWrite(revision: $0 + 1, write: $1) })
            // This runner has neither placed the call nor held it.
            let attempt = try #require(try await store.attempt(id: "a0"))
            await runner.conclude(attempt, CarrierReport(status: .completed, duration: .seconds(30)))
            let ended = try #require(try await store.attempt(id: "a0"))
            #expect(ended.state == .ended)
            #expect((ended.outcome == "opted_out") == trace.isOptOut)
            #expect(try await isListed(Self.numbers[0], in: store) == trace.isOptOut)
        }
    }

    private static func writes(_ trace: Trace) throws -> [StoreWrite] {
        let call = CallRecord(
            id: "c0", carrier: "twilio", carrierCallID: "CA-a0", direction: .outbound, from: "+12125550199",
            to: numbers[0], agent: "reminder", agentVersion: "1", startedAt: OfficeUnderTest.noon,
            endedAt: OfficeUnderTest.noon + 30, endReason: "caller hung up", duration: 240_000,
            answerer: "person", counts: CallCounts(callerTurns: 1, agentTurns: 1))
        var turn = TurnRecord(callID: "c0", number: 1, speaker: .caller, started: 80_000, ended: 88_000, text: "yes")
        var events: [ConversationEvent] = []
        switch trace {
        case .words: turn.text = "please stop calling me"
        case .intent: turn.intent = "opt_out"
        case .key: events = [.keyPressed("9")]
        case .keyAmongOthers:
            let asks = Expectation(kind: .digits, context: "phone", longestKeys: 10)
            events = [.replyExpects(generation: 1, asks), .keyPressed("9"), .keyPressed("1")]
        case .otherWords: turn.text = "don't call me before nine"
        }
        events.append(.hungUp(reason: "caller hung up"))
        let entries = try events.enumerated().map { index, event in
            StoreWrite.journal(
                JournalRecord(
                    callID: "c0", sequence: index + 1, position: 90_000 + index, kind: event.name,
                    payload: try JSONEncoder().encode(event)))
        }
        return [.call(call), .turn(turn)] + entries
    }

    // MARK: The store

    private func place(_ index: Int, _ contact: ContactRecord, in store: Store) async throws {
        try await QuietRunner.place("a\(index)", contact, in: store, at: OfficeUnderTest.noon)
        #expect(try await store.note(attempt: "a\(index)", answeredAt: OfficeUnderTest.noon, callID: "c\(index)"))
    }

    private func call(_ index: Int, _ contact: ContactRecord) -> OutboundCall {
        OutboundCall(
            attempt: "a\(index)", number: contact.number, callerID: "+12125550199", agent: "reminder", seller: "Acme",
            variables: [:], placed: PlacedCall(machine: .hangUp))
    }

    private func isListed(_ number: String, in store: Store) async throws -> Bool {
        try await !store.standing(of: number, conversations: [], now: OfficeUnderTest.noon).suppressions.isEmpty
    }

    /// The database takes no entry for this number.
    private func refuse(_ number: String, in store: Store) async throws {
        let database = try open(store)
        try await database.write { db in
            try db.execute(
                sql: """
                    CREATE TRIGGER refused BEFORE INSERT ON suppressions WHEN NEW.number = '\(number)'
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
            guard ContinuousClock.now < end else { throw Unexpected(what: "an opt-out", got: "nothing in a minute") }
            try await Task.sleep(for: .milliseconds(5))
        }
    }
}
