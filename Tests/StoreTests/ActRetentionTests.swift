import Foundation
import Testing

@testable import Store

@Suite("What old calls leave beside them", .onBothEngines)
struct ActRetentionTests {
    private static let now = Date(timeIntervalSince1970: 1_800_000_000)
    private static let old = now - 10 * 86_400
    private static let moment = now - 5 * 86_400

    private let directory: TemporaryDirectory
    private let store: Store

    init() throws {
        directory = try TemporaryDirectory()
        store = try directory.store()
    }

    private func file(_ key: String, call: String = "c1", expires: Date = Self.old + 60) async throws -> Int {
        try await store.file(
            ReviewDraft(
                idempotencyKey: key, callID: call, agent: "a", agentVersion: "v", contact: "+1", tool: "send",
                arguments: #"{"to":"ann"}"#, reason: "policy", expiresAt: expires), now: Self.old
        ).id
    }

    private func calendar(at now: Date) -> AppointmentCalendar {
        AppointmentCalendar(store: store, zone: .gmt, now: { now })
    }

    private func count(_ table: String) async throws -> Int {
        try await store.read("count", "") { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)") ?? -1 }
    }

    @Test("goes with them: reviews that are over, acts, messages and facts; what is newer stays")
    func deletes() async throws {
        let rejected = try await file("c1/1/send", expires: Self.now)
        _ = try await store.decide(review: rejected, .rejected, by: "eve", now: Self.old)
        _ = try await file("c1/2/send")
        try await store.expireReviews(now: Self.old + 61)
        for (review, state) in [("c1/3/send", ReviewRecord.State.done), ("c1/4/send", .unclear)] {
            let id = try await file(review, expires: Self.now)
            _ = try await store.decide(review: id, .approved, by: "eve", now: Self.old)
            _ = try await store.claimReview(lease: .seconds(60), now: Self.old)
            try await store.finish(review: id, state, result: "{}", now: Self.old)
        }
        // Filed long ago, done lately.
        let late = try await file("c1/5/send", expires: Self.now)
        _ = try await store.decide(review: late, .approved, by: "eve", now: Self.now - 60)
        _ = try await store.claimReview(lease: .seconds(60), now: Self.now)
        try await store.finish(review: late, .done, result: "{}", now: Self.now)
        for (key, when) in [("c1/1/pay", Self.old), ("c2/1/pay", Self.now)] {
            _ = try await store.beginAct(key: key, tool: "pay", now: when)
            _ = try await calendar(at: when).takeMessage(
                name: "Ann", phone: "+1", text: "call me", idempotencyKey: key)
        }
        func note(_ name: String, _ when: Date) async throws {
            try await store.note(
                ContactFact(contact: "+1", name: name, value: "x", source: "call c1", notedAt: when))
        }
        for (name, when) in [("old", Self.old), ("again", Self.old), ("again", Self.now)] { try await note(name, when) }

        // By this callers prove who they are.
        try await store.note(
            ContactFact(contact: "+1", name: "pin", value: "x", source: "operator ann", notedAt: Self.old))

        let removal = try await store.deleteCalls(before: Self.moment)
        #expect(removal == Store.Removal(acts: 8))
        #expect(try await store.reviews().map(\.id) == [late])
        #expect(try await store.beginAct(key: "c2/1/pay", tool: "pay") == .unclear)
        #expect(try await count("tool_acts") == 1)
        #expect(try await count("calendar_acts") == 1)
        #expect(try await calendar(at: Self.now).messages().map(\.takenAt) == [Self.now])
        #expect(Set(try await store.facts(of: "+1").map(\.name)) == ["again", "pin"])
        #expect(try await store.deleteCalls(before: Self.moment).isNothing)
    }

    @Test("stays where the act may still be asked for: a live call, an open run of a team, a review that is not over")
    func kept() async throws {
        let waiting = try await file("c9/1/send", expires: Self.now)
        let approved = try await file("c9/2/send", expires: Self.now)
        _ = try await store.decide(review: approved, .approved, by: "eve", now: Self.old)
        _ = try await store.begin(
            TeamRunDraft(
                id: "r1", idempotencyKey: "r1", agent: "a", agentVersion: "v", plan: "{}", variables: [:],
                stages: [["one"]]), now: Self.old)
        let keys = ["live/1/pay", "team-r1-one/1/pay", "review/\(approved)", "review/\(waiting)/a", "gone/1/pay"]
        for key in keys {
            _ = try await store.beginAct(key: key, tool: "pay", now: Self.old)
            _ = try await calendar(at: Self.old).takeMessage(
                name: "Ann", phone: "+1", text: key, idempotencyKey: key)
        }
        let removal = try await store.deleteCalls(before: Self.moment, except: ["live"])
        #expect(removal == Store.Removal(acts: 3))
        for key in keys.dropLast() {
            #expect(try await store.beginAct(key: key, tool: "pay") == .unclear, "\(key)")
        }
        let messages = try await calendar(at: Self.now).messages().map(\.text)
        #expect(Set(messages) == Set(keys.dropLast()) && messages.count == 4)
        #expect(try await store.reviews().count == 2)
        // A retry after all that time finds what was done, and does nothing twice.
        let again = try await calendar(at: Self.now).takeMessage(
            name: "Ann", phone: "+1", text: "again", idempotencyKey: "review/\(approved)")
        #expect(again.value?.text == "review/\(approved)")
    }

    @Test("is deleted however much there is")
    func many() async throws {
        // One that stays in each part.
        for number in 0..<3 {
            _ = try await store.beginAct(key: "c\(number)00/0/new", tool: "t", now: Self.now)
        }
        try await store.write("fill", "") { db in
            for number in 0..<1100 {
                try db.execute(
                    sql: "INSERT INTO tool_acts (idempotency_key, tool, begun_at) VALUES (?, 't', ?)",
                    arguments: ["c\(number)/1/t", Self.old.storedMilliseconds])
            }
        }
        #expect(try await store.deleteCalls(before: Self.moment) == Store.Removal(acts: 1100))
        #expect(try await count("tool_acts") == 3)
    }

    @Test("answers to requests go by their age, whether or not anybody asks again")
    func answers() async throws {
        for (key, when) in [("a", Self.old), ("b", Self.now)] {
            _ = try await store.claim(
                idempotencyKey: key, of: "k", fingerprint: Data([1]), now: when, forgettingBefore: Self.old)
        }
        #expect(try await store.forgetAnswers(before: Self.now - 86_400) == 1)
        #expect(try await count("idempotency") == 1)
        #expect(try await store.forgetAnswers(before: Self.now - 86_400) == 0)
    }

    @Test("a number that is looked up is in no error, which may be logged")
    func subjects() async throws {
        try store.close()
        do throws(StoreError) {
            _ = try await store.hasOpenCallback(to: "+12127365000", dueBy: Self.now)
            Issue.record("a closed database answers")
        } catch {
            #expect(!"\(error)".contains("2127365000"))
        }
    }
}
