import Foundation
import Testing

@testable import Store

@Suite("The audit log", .onBothEngines)
struct AuditTests {
    let directory: TemporaryDirectory
    private let start = Date(timeIntervalSince1970: 1_790_000_000.123)

    init() throws { directory = try TemporaryDirectory() }

    private func draft(_ act: String, day: Int = 0, subject: String = "c1") -> AuditDraft {
        AuditDraft(
            actor: "key 1a2b3c4d", actorName: "night shift", act: act, subject: subject, detail: ["status": "202"],
            at: start + Double(day) * 86_400)
    }

    /// A chain of `count` rows, a day apart.
    private func filled(_ count: Int) async throws -> Store {
        let store = try directory.store()
        for number in 1...count { try await store.append(draft("act \(number)", day: number)) }
        return store
    }

    /// What somebody does who may change the schema.
    private func tamper(_ store: Store, _ sql: String) async throws {
        try await store.write("tamper", "") { db in
            switch db.dialect {
            case .sqlite:
                try db.execute(sql: "DROP TRIGGER IF EXISTS audit_log_unchanged")
                try db.execute(sql: "DROP TRIGGER IF EXISTS audit_log_undeleted")
            case .postgres: try db.execute(sql: "DROP TRIGGER IF EXISTS audit_log_unchanged ON audit_log")
            }
            try db.execute(sql: sql)
        }
    }

    @Test("each row follows the one before it, and comes back as it was written, the newest first")
    func chain() async throws {
        let store = try await filled(5)
        let rows = try await store.audit()
        #expect(rows.map(\.number) == [5, 4, 3, 2, 1])
        #expect(rows.map(\.act) == ["act 5", "act 4", "act 3", "act 2", "act 1"])
        #expect(rows[4].previous == AuditChain.beginning && rows[3].previous == rows[4].hash)
        #expect(rows[0].detail == ["status": "202"] && rows[0].outcome == .done)
        #expect(try await store.audit(act: "act 2").map(\.number) == [2])
        #expect(try await store.audit(actor: "service").isEmpty)
        #expect(try await store.audit(before: 4, limit: 2).map(\.number) == [3, 2])
        let verdict = try await store.verifyAudit()
        #expect(verdict.fault == nil && verdict.rows == 5 && verdict.first == 1)
        #expect(verdict.head == AuditVerdict.Head(number: 5, hash: rows[0].hash))
    }

    @Test("an empty log is whole")
    func empty() async throws {
        let verdict = try await directory.store().verifyAudit()
        #expect(verdict.fault == nil && verdict.rows == 0 && verdict.head.number == 0)
    }

    @Test("the hash is the one that docs/store.md describes")
    func hash() async throws {
        let store = try directory.store()
        let row = try await store.append(
            AuditDraft(
                actor: "key 1a2b3c4d", actorName: "Nachtschicht Müller", act: "POST /calls/{id}/hangup",
                subject: "/calls/c1/hangup", detail: ["status": "202"], at: start))
        // By Python's hashlib, from that description.
        #expect(row.hash == "b8412c5a720cd22a4d76e7ffd5b00d27fc7b5bc83821203c689862578a30ea30")
    }

    @Test(
        "what is changed behind its back is found, at the first row that does not fit",
        arguments: [
            ("UPDATE audit_log SET actor_name = 'day shift' WHERE number = 3", 3, AuditVerdict.Fault.Kind.altered),
            ("UPDATE audit_log SET happened_at = happened_at + 1 WHERE number >= 2", 2, .altered),
            ("DELETE FROM audit_log WHERE number = 4", 4, .missing),
            ("DELETE FROM audit_log WHERE number <= 2", 1, .missing),
            ("DELETE FROM audit_log WHERE number >= 4", 4, .cut),
            ("DELETE FROM audit_log", 1, .cut),
            ("UPDATE audit_log SET previous = hash WHERE number = 2", 2, .unlinked),
            ("UPDATE audit_chain SET head_number = 4", 6, .cut),
        ])
    func tampered(sql: String, row: Int, kind: AuditVerdict.Fault.Kind) async throws {
        let store = try await filled(5)
        try await tamper(store, sql)
        #expect(try await store.verifyAudit().fault == AuditVerdict.Fault(number: row, kind: kind))
    }

    @Test("a beginning that is cut off with an anchor made to fit is found")
    func unanchored() async throws {
        let store = try await filled(5)
        try await tamper(
            store,
            "UPDATE audit_chain SET anchor_number = 2, anchor = (SELECT hash FROM audit_log WHERE number = 2)")
        try await tamper(store, "DELETE FROM audit_log WHERE number <= 2")
        #expect(try await store.verifyAudit().fault == AuditVerdict.Fault(number: 3, kind: .unanchored))
    }

    @Test("a chain that was made anew is told by a head that was kept elsewhere")
    func rewritten() async throws {
        let store = try await filled(3)
        let kept = try await store.verifyAudit().head
        try await store.append(draft("later"))
        #expect(try await store.verifyAudit(expecting: kept).fault == nil)
        var row = try AuditRow(try #require(try await store.audit(act: "act 3").first))
        row.actorName = "somebody else"
        let forged = AuditChain.hash(row)
        try await tamper(store, "DELETE FROM audit_log WHERE number > 3")
        try await tamper(
            store, "UPDATE audit_log SET actor_name = 'somebody else', hash = '\(forged)' WHERE number = 3")
        try await tamper(store, "UPDATE audit_chain SET head_number = 3, head = '\(forged)'")
        #expect(try await store.verifyAudit().fault == nil)
        #expect(
            try await store.verifyAudit(expecting: kept).fault == AuditVerdict.Fault(number: 3, kind: .rewritten))
        let later = AuditVerdict.Head(number: 9, hash: kept.hash)
        #expect(try await store.verifyAudit(expecting: later).fault == AuditVerdict.Fault(number: 4, kind: .cut))
    }

    @Test("the engine refuses to change a row, and to delete one that is not old")
    func refused() async throws {
        let store = try await filled(2)
        for sql in ["UPDATE audit_log SET act = 'x'", "DELETE FROM audit_log WHERE number = 1"] {
            await #expect(throws: StoreError.self) { try await store.write("tamper", "") { try $0.execute(sql: sql) } }
        }
        #expect(try await store.verifyAudit().rows == 2)
    }

    @Test("old rows are deleted, a row says which, and the rest is a chain, also the second time")
    func pruned() async throws {
        let store = try await filled(9)
        let kept = try await store.verifyAudit().head
        #expect(try await store.pruneAudit(before: start, at: start) == 0)
        #expect(try await store.pruneAudit(before: start + 4.5 * 86_400, at: start + 10 * 86_400) == 4)
        var verdict = try await store.verifyAudit(expecting: kept)
        #expect(verdict.fault == nil && verdict.first == 5 && verdict.rows == 6)
        #expect(try await store.pruneAudit(before: start + 11 * 86_400, at: start + 12 * 86_400) == 6)
        verdict = try await store.verifyAudit()
        #expect(verdict.fault == nil && verdict.first == 11 && verdict.rows == 1)
        #expect(
            try await store.verifyAudit(expecting: kept).fault == AuditVerdict.Fault(number: 9, kind: .tooOld))
        #expect(try await store.audit().map(\.act) == ["audit prune"])
        try await tamper(store, "UPDATE audit_chain SET anchor_number = 9")
        #expect(try await store.verifyAudit().fault != nil)
    }

    @Test("writers of several nodes make one chain")
    func together() async throws {
        let stores = [try directory.store(), try directory.store(), try directory.store()]
        try await withThrowingTaskGroup { group in
            for (index, store) in stores.enumerated() {
                group.addTask { for act in 1...10 { try await store.append(draft("node \(index) act \(act)")) } }
            }
            try await group.waitForAll()
        }
        let verdict = try await stores[0].verifyAudit()
        #expect(verdict.fault == nil && verdict.rows == 30)
        let acts = try await stores[1].audit(limit: 1000).map(\.act)
        #expect(Set(acts).count == 30)
    }

    @Test("a key and what is written of it are there together or not at all")
    func atomic() async throws {
        let store = try directory.store()
        let key = APIKeyRecord(id: "k1", name: "console", scope: .admin, hash: Data([1]), createdAt: start)
        try await store.add(key, audit: draft("keys create"))
        await #expect(throws: StoreError.self) { try await store.add(key, audit: draft("keys create")) }
        await #expect(throws: StoreError.self) {
            try await store.revokeKey("k9", at: start, audit: draft("keys revoke"))
        }
        #expect(try await store.audit().map(\.act) == ["keys create"])
    }
}
