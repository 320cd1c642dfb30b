import Foundation
import GRDB
import Testing

@testable import Store

@Suite("Going back to a backup")
struct CarryOverTests {
    private static let made = Date(timeIntervalSince1970: 1_790_000_000)
    private static let later = made + 3600
    private static let person = "+12125550142"
    private static let other = "+12125550143"
    private static let colleague = "+12125550199"

    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func account(_ name: String, digest: UInt8 = 1, at moment: Date = Self.made) -> AccountRecord {
        AccountRecord(
            name: name, scope: .admin, password: PasswordHash(salt: Data([1]), digest: Data([digest]), cost: 1),
            createdAt: moment, changedAt: moment)
    }

    private func consent(_ number: String) -> ConsentRecord {
        ConsentRecord(number: number, seller: "acme", kind: .express, source: "form", givenAt: Self.made)
    }

    private func call(_ id: String, from number: String) -> StoreWrite {
        var call = CallRecord.sample(id)
        call.from = number
        return .call(call)
    }

    /// A database with something of everything, as the backup has it.
    private func fill(_ store: Store) async throws {
        for id in ["k1", "k2"] {
            try await store.add(
                APIKeyRecord(id: id, name: "n", scope: .operator, hash: Data([1]), createdAt: Self.made))
        }
        for name in ["mia", "bo", "ann"] { try await store.add(account(name)) }
        try await store.store(consent(Self.person))
        try await store.store(consent(Self.other))
        try await store.suppress([SuppressionRecord(list: "internal", number: "+1", reason: "r", addedAt: Self.made)])
        // The colleague was told of the person on a call of its own, and has called before.
        var told = CallRecord.sample("told", second: 60)
        told.direction = .outbound
        told.to = Self.colleague
        let arguments = #"{"person_call":"told"}"#
        try await store.apply([
            call("c1", from: Self.person), call("c2", from: Self.other), .call(told),
            call("c3", from: Self.colleague),
            .turn(TurnRecord(callID: "c1", number: 1, speaker: .caller, started: 0, text: "my secret")),
            .tool(
                ToolRecord(
                    callID: "c1", turn: 1, invocationID: "t", name: "transfer_warm", arguments: arguments, started: 0)),
        ])
        for number in [Self.person, Self.other, Self.colleague] {
            try await store.note(
                ContactFact(contact: number, name: "name", value: "x", source: "call", notedAt: Self.made))
        }
    }

    /// What people did since.
    private func change(_ store: Store) async throws {
        try await store.revokeKey("k1", at: Self.later)
        try await store.removeAccount("mia", at: Self.later)
        try await store.setPassword(
            of: "bo", PasswordHash(salt: Data([2]), digest: Data([2]), cost: 1), at: Self.later)
        try await store.optOut(number: Self.other, reason: "asked", callID: "c2", at: Self.later)
        try await store.suppress(
            (0..<1500).map { number in
                SuppressionRecord(list: "national", number: "+1212\(number)", reason: "r", addedAt: Self.later)
            })
        _ = try await store.erase(
            person: PersonNumber(e164: Self.person),
            audit: AuditDraft(actor: "terminal root", act: "person erase", at: Self.later), recordings: nil,
            at: Self.later)
    }

    @Test("undoes no refusal, revocation or erasure that came after it, and allows nothing that it does not")
    func carries() async throws {
        let database = directory.file("parley.db")
        let store = try Store(path: database)
        try await fill(store)
        try store.backUp(to: directory.file("backup.db"))
        try await change(store)
        try store.close()
        let kept = try #require(try Store.restore(directory.file("backup.db"), to: database))
        // Somebody has put the recordings back as well.
        let recording = directory.file("c1.wav")
        try Data([1]).write(to: URL(fileURLWithPath: recording))

        let newer = try Store(path: kept, options: StoreOptions(createsFile: false, isReadOnly: true))
        let restored = try Store(path: database)
        #expect(try await restored.story(ofCall: "c1").turns.count == 1, "the backup has it")
        let carried = try await restored.carryOver(from: newer, recordings: directory.path, at: Self.later)
        #expect(
            carried.counts == [
                "suppressions": 1501, "consents": 1, "keys": 1, "accounts": 2, "calls": 2, "files": 1, "erasures": 1,
            ])
        #expect(!FileManager.default.fileExists(atPath: recording))
        #expect(try await restored.keys().map(\.revokedAt) == [Self.later, nil])
        #expect(try await restored.accounts().map(\.name) == ["ann", "bo"])
        #expect(try await restored.account("bo")?.password.digest == Data([2]))
        #expect(try await restored.account("ann")?.password.digest == Data([1]))
        let consents = try await restored.consents().consents
        #expect(consents.map(\.number) == [Self.other] && consents.map(\.revokedAt) == [Self.later])
        #expect(try await Set(restored.calls().calls.map(\.id)) == ["c2", "c3"])
        #expect(try await restored.facts(of: Self.person).isEmpty)
        // They were on the other end of a call about the person, and are not the person.
        #expect(try await restored.facts(of: Self.colleague).count == 1)
        #expect(try await restored.facts(of: Self.other).count == 1)
        // What a queue still holds of the call is not stored.
        try await restored.apply([call("c1", from: Self.person)])
        #expect(try await restored.calls().calls.count == 2)

        let again = try await restored.carryOver(from: newer, recordings: directory.path, at: Self.later)
        #expect(again.counts == ["erasures": 1])
        try restored.close()
        try newer.close()
    }

    @Test("from a database of an older schema takes what that has")
    func older() async throws {
        let path = directory.file("old.db")
        let queue = try DatabaseQueue(path: path)
        try Schema.migrator.migrate(queue, upTo: "6-keys")
        try await queue.write {
            try $0.execute(
                sql: """
                    INSERT INTO api_keys (id, name, scope, hash, created_at, revoked_at)
                    VALUES ('k1', 'n', 'viewer', x'01', 1, 2)
                    """)
        }
        try queue.close()
        let newer = try Store(path: path, options: StoreOptions(isReadOnly: true))
        let store = try Store(path: directory.file("parley.db"))
        try await fill(store)
        #expect(try await store.carryOver(from: newer, recordings: nil).counts == ["keys": 1])
        #expect(try await store.keys().first?.revokedAt == Date(storedMilliseconds: 2))
        try store.close()
        try newer.close()
    }
}
