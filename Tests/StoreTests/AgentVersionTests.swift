import Foundation
import GRDB
import Testing

@testable import Store

@Suite("Versions of agents in the store", .onBothEngines)
struct AgentVersionTests {
    let directory: TemporaryDirectory
    let store: Store
    let start = Date(timeIntervalSince1970: 1_800_000_000)

    init() throws {
        directory = try TemporaryDirectory()
        store = try directory.store()
    }

    private func content(_ hash: String) -> AgentVersionContent {
        AgentVersionContent(
            hash: hash, file: "sdr.yaml", source: Data("name: sdr # \(hash)".utf8),
            resources: ["names/all.txt": Data([0, 255])])
    }

    @discardableResult
    private func publish(_ hash: String, percent: Int = 100, after seconds: Double = 0) async throws
        -> AgentVersionRecord
    {
        try await store.publish(
            content(hash), of: "sdr", by: "ann", note: "why \(hash)", percent: percent, now: start + seconds)
    }

    @Test("is not published over what was done since somebody looked")
    func after() async throws {
        func publish(_ hash: String, after seen: Int) async throws {
            _ = try await store.publish(content(hash), of: "sdr", by: "ann", after: seen)
        }
        try await publish("a", after: 0)
        let seen = try #require(try await store.agentActs(of: "sdr", limit: 1).first?.id)
        // Another agent's acts are none of this one's.
        _ = try await store.publish(content("x"), of: "other", by: "bob")
        try await publish("b", after: seen)
        await #expect(throws: StoreError.self) { try await publish("c", after: seen) }
        await #expect(throws: StoreError.self) { try await publish("c", after: 0) }
        #expect(try await live() == 2)
    }

    private func live() async throws -> Int? { try await store.standing(of: "sdr")?.live }

    @Test("are kept whole and numbered, the newest is live, and the same content again is no new one")
    func publishes() async throws {
        let before = try await store.newestAgentAct()
        let first = try await publish("a")
        let second = try await publish("b", after: 1)
        #expect(first.number == 1 && second.number == 2 && first.note == "why a" && first.publishedBy == "ann")
        #expect(try await store.content(ofVersion: 1, of: "sdr") == content("a"))
        #expect(try await live() == 2)
        let again = try await publish("b", after: 2)
        #expect(again.number == 2 && again.budgetSince == start + 2 && again.publishedAt == start + 1)
        // What was live before is a new version when it is published again: history goes forward.
        #expect(try await publish("a", after: 3).number == 3)
        #expect(try await store.versions(of: "sdr").map(\.hash) == ["a", "b", "a"])
        #expect(try await store.newestAgentAct() == before + 4)
        #expect(try await store.agentActs(of: "sdr").map(\.number) == [3, 2, 2, 1])
        #expect(try await store.versions(of: "other").isEmpty)
        #expect(try store.publishedFiles() == ["sdr.yaml"])
    }

    @Test("are rolled back one after the other, past those that have burnt, and to any that is named")
    func rollsBack() async throws {
        for hash in ["a", "b", "c", "d"] { try await publish(hash) }
        #expect(try await store.rollBack("sdr", by: "ann").live == 3)
        _ = try await store.rollBack("sdr", to: 2, by: "ann")
        #expect(try await store.burn(version: 2, of: "sdr", because: "x", action: .alert) != nil)
        _ = try await store.rollBack("sdr", to: 3, by: "ann")
        #expect(try await store.rollBack("sdr", by: "ann", note: "bad").live == 1)
        let none = await #expect(throws: StoreError.self) { try await store.rollBack("sdr", by: "ann") }
        #expect(none?.code == .notFound)
        let unknown = await #expect(throws: StoreError.self) { try await store.rollBack("sdr", to: 9, by: "ann") }
        #expect(unknown?.code == .notFound)
        // Naming a burnt version is a person's word, and gives it a fresh budget.
        #expect(try await store.rollBack("sdr", to: 2, by: "ann", now: start + 9).live == 2)
        let named = try await store.version(2, of: "sdr")
        #expect(named.burntAt == nil && named.budgetSince == start + 9)
        try await store.unpublish("sdr", by: "ann")
        #expect(try await live() == nil)
        #expect(try await store.versions(of: "sdr").count == 4)
        #expect(try await store.agentActs(of: "sdr").first?.kind == .unpublished)
    }

    @Test("stand on trial with a share, which ends, grows, or becomes all")
    func splits() async throws {
        let alone = await #expect(throws: StoreError.self) { try await publish("a", percent: 10) }
        #expect(alone?.code == .notFound)
        try await publish("a")
        try await publish("b", percent: 10)
        var standing = try #require(try await store.standing(of: "sdr"))
        #expect(standing.live == 1 && standing.trial == 2 && standing.percent == 10)
        let same = await #expect(throws: StoreError.self) { try await publish("a", percent: 10) }
        #expect(same?.code == .exists)
        standing = try await store.split("sdr", to: 2, percent: 40, by: "ann")
        #expect(standing.trial == 2 && standing.percent == 40)
        standing = try await store.rollBack("sdr", by: "ann")
        #expect(standing.live == 1 && standing.trial == nil && standing.percent == 0)
        standing = try await store.split("sdr", to: 2, percent: 100, by: "ann")
        #expect(standing.live == 2 && standing.trial == nil)
        let live = await #expect(throws: StoreError.self) { try await store.split("sdr", to: 2, percent: 5, by: "ann") }
        #expect(live?.code == .exists)
    }

    @Test("burn once: the one before takes the calls, a trial loses its share, and somebody can read why")
    func burns() async throws {
        for hash in ["a", "b", "c"] { try await publish(hash) }
        let after = try await store.burn(version: 3, of: "sdr", because: "6 of 20", action: .rollBack, now: start)
        #expect(after?.live == 2)
        #expect(try await store.burn(version: 3, of: "sdr", because: "6 of 20", action: .rollBack) == nil)
        #expect(try await store.incidents().map(\.detail) == ["sdr version 3: 6 of 20; version 2 takes new calls"])
        #expect(try await store.agentActs(of: "sdr").first?.kind == .burnt)
        #expect(try await store.version(3, of: "sdr").burntBecause == "6 of 20")
        // A burnt one is nothing to go back to.
        #expect(try await store.rollBack("sdr", by: "ann").live == 1)
        #expect(try await store.burn(version: 1, of: "sdr", because: "x", action: .rollBack)?.live == 1)

        try await publish("d")
        try await publish("e", percent: 20)
        let trial = try await store.burn(version: 5, of: "sdr", because: "x", action: .rollBack)
        #expect(trial?.live == 4 && trial?.trial == nil)
        let escalated = try await store.burn(version: 4, of: "sdr", because: "x", action: .escalate)
        #expect(escalated?.live == 4 && escalated?.escalates == true)
        // A trial beside it does not give callers back to it; publishing for all does.
        try await publish("f", percent: 20)
        #expect(try await store.standing(of: "sdr")?.escalates == true)
        try await publish("g")
        #expect(try await store.standing(of: "sdr")?.escalates == false)
    }

    @Test("have the calls that ended in a window, with what went wrong on them, and reviews that were rejected")
    func outcomes() async throws {
        for (index, faults) in [["reasks": 3], nil, ["dead_air": 1], nil].enumerated() {
            var call = CallRecord.sample("c\(index)", second: index * 10)
            call.agentVersion = index == 3 ? "other" : "1"
            call.endedAt = index == 1 ? nil : call.startedAt + 5
            call.faults = faults
            try await store.apply([.call(call)])
        }
        let first = CallRecord.sample("x").startedAt
        func ids(began: Double, ended: Double, limit: Int = 10) async throws -> [String] {
            try await store.outcomes(
                ofVersion: "1", of: "receptionist", began: first + began, ended: first + ended, limit: limit
            ).map(\.callID)
        }
        #expect(try await ids(began: 0, ended: 0) == ["c0", "c2"])
        #expect(try await ids(began: 1, ended: 0) == ["c2"])
        #expect(try await ids(began: 0, ended: 6) == ["c2"])
        #expect(try await ids(began: 0, ended: 0, limit: 1) == ["c2"])
        #expect(try await store.story(ofCall: "c0").call.faults == ["reasks": 3])
        #expect(try await store.callsByVersion(of: "receptionist") == ["1": 3, "other": 1])

        let review = try await store.file(
            ReviewDraft(
                idempotencyKey: "k", callID: "c0", agent: "receptionist", agentVersion: "1", contact: "", tool: "t",
                arguments: "{}", reason: "r", expiresAt: start + 60), now: start)
        _ = try await store.decide(review: review.id, .rejected, by: "ann", now: start + 1)
        #expect(try await store.rejectedReviews(since: start + 1).map(\.callID) == ["c0"])
        #expect(try await store.rejectedReviews(since: start + 2).isEmpty)
    }

    @Test("come into a database of the schema before with what is in it", .tags(.ofFiles))
    func migrates() async throws {
        let path = directory.file("before.db")
        let queue = try DatabaseQueue(path: path)
        try Schema.migrator.migrate(queue, upTo: "13-search")
        try await queue.write { db in
            try db.execute(
                sql: """
                    INSERT INTO calls (id, revision, carrier, direction, caller, callee, agent, agent_version, started_at,
                        ended_at, duration, caller_turns, agent_turns, not_understood, interruptions, tool_calls)
                    VALUES ('old', 1, 'twilio', 'inbound', '+1', '+2', 'sdr', 'a', 1800000000000, 1800000005000, 40000,
                        2, 3, 1, 0, 0)
                    """)
        }
        try queue.close()
        let store = try Store(path: path)
        let story = try await store.story(ofCall: "old")
        #expect(story.call.faults == nil && story.call.counts.notUnderstood == 1)
        #expect(try await store.callsByVersion(of: "sdr") == ["a": 1])
        #expect(
            try await store.outcomes(ofVersion: "a", of: "sdr", began: start, ended: start, limit: 5)
                == [CallOutcome(callID: "old", endedAt: start + 5, faults: [:])])
        #expect(try await store.publish(content("a"), of: "sdr", by: "ann").number == 1)
        try store.close()
    }

    @Test("go into a backup and come back with it", .tags(.ofFiles))
    func backup() async throws {
        try await publish("a")
        try store.backUp(to: directory.file("copy.db"))
        let copy = try Store(path: directory.file("copy.db"))
        #expect(try await copy.content(ofVersion: 1, of: "sdr") == content("a"))
        #expect(try await copy.standing(of: "sdr")?.live == 1)
        try copy.close()
    }
}
