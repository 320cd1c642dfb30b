import Foundation
import Testing

@testable import Store

@Suite("The registry of nodes", .onBothEngines)
struct NodeTests {
    let directory: TemporaryDirectory
    private let start = Date(timeIntervalSince1970: 1_790_000_000)

    init() throws { directory = try TemporaryDirectory() }

    private func node(_ id: String, at seconds: TimeInterval = 0) -> NodeRecord {
        NodeRecord(id: id, name: "host", version: "v", startedAt: start + seconds, capacity: 10)
    }

    private func call(_ id: String, on node: String?, second: Int = 0) -> CallRecord {
        var call = CallRecord.sample(id, second: second)
        call.node = node
        return call
    }

    @Test("a node that says something is there as it said, and grows with each word")
    func beats() async throws {
        let store = try directory.store()
        var own = node("n1")
        #expect(try await store.beat(own) == nil)
        #expect(try await store.beat(node("n2", at: 1)) == nil)
        own.calls = 3
        own.state = .draining
        own.seenAt = start + 5
        own.hasSpilled = true
        own.beat = 3000
        #expect(try await store.beat(own) == .open)
        own.beats = 2
        #expect(try await store.nodes().map(\.id) == ["n2", "n1"])
        #expect(try await store.livingNodes().first == own)
        #expect(try await store.livingNodes().map(\.id) == ["n1", "n2"])
        own.state = .closed
        own.endedAt = start + 6
        #expect(try await store.beat(own) == .draining)
        #expect(try await store.livingNodes().map(\.id) == ["n2"])
        #expect(try await store.deleteNodes(endedBefore: start + 7) == 1)
        #expect(try await store.nodes().map(\.id) == ["n2"])
    }

    @Test("a node is lost once, not after it was heard of again, and can come back")
    func lost() async throws {
        let store = try directory.store()
        try await store.beat(node("n1"))
        let seen = try #require(try await store.livingNodes().first)
        try await store.beat(node("n1"))
        #expect(try await !store.lose(node: seen, at: start + 60))
        let again = try #require(try await store.livingNodes().first)
        #expect(try await store.lose(node: again, at: start + 60))
        #expect(try await !store.lose(node: again, at: start + 60))
        #expect(try await store.nodes().map(\.state) == [.lost])
        #expect(try await store.livingNodes().isEmpty)
        #expect(try await store.beat(node("n1")) == .lost)
        #expect(try await store.livingNodes().map(\.id) == ["n1"])
    }

    @Test("calls of a lost node end where they are known to have been, once, and are told; those of others go on")
    func orphans() async throws {
        let store = try directory.store()
        for id in ["dead", "alive"] { try await store.beat(node(id)) }
        var over = call("over", on: "dead")
        over.endedAt = start + 1
        over.endReason = "the caller hung up"
        try await store.apply([
            .call(call("a", on: "dead", second: 1)), .call(call("b", on: "dead", second: 2)), .call(over),
            .call(call("c", on: "alive")), .call(call("d", on: nil)),
            .turn(TurnRecord(callID: "a", number: 1, speaker: .caller, started: 8000, ended: 20_000, text: "yes")),
        ])
        #expect(try await store.endOrphans() == 0)
        let node = try #require(try await store.livingNodes().first { $0.id == "dead" })
        #expect(try await store.lose(node: node, at: start + 60))
        let drafts: @Sendable (CallRecord) -> [WebhookDraft] = { call in
            [
                WebhookDraft(
                    id: "ended_\(call.id)", endpoint: "crm", event: "call.ended", stream: call.id, subject: call.id,
                    happenedAt: call.endedAt ?? .distantPast)
            ]
        }
        #expect(try await store.endOrphans(limit: 1, announcing: drafts) == 1)
        #expect(try await store.endOrphans(limit: 1, announcing: drafts) == 1)
        #expect(try await store.endOrphans(limit: 1, announcing: drafts) == 0)
        let ended = try await store.story(ofCall: "a").call
        #expect(ended.endedAt == start + 1 + 2.5 && ended.duration == 20_000 && ended.endReason == "node.lost")
        #expect(try await store.story(ofCall: "b").call.endedAt == start + 2)
        #expect(try await store.story(ofCall: "over").call.endReason == "the caller hung up")
        for id in ["c", "d"] { #expect(try await store.story(ofCall: id).call.endedAt == nil) }
        #expect(try await Set(store.webhooks().deliveries.map(\.id)) == ["ended_a", "ended_b"])
    }

    @Test(
        "where one node is alone it ends every call that is not its own, but none that only stands in for a lost record"
    )
    func alone() async throws {
        let store = try directory.store()
        try await store.apply([
            .call(call("a", on: "before")), .call(call("b", on: nil)), .call(call("own", on: "n1")),
            .journal(JournalRecord(callID: "unknown", sequence: 0, position: 0, kind: "x", payload: Data())),
        ])
        #expect(try await store.endOrphans(exceptOf: "n1") == 2)
        let open = try await store.calls().calls.filter { $0.endedAt == nil }.map(\.id)
        #expect(Set(open) == ["own", "unknown"])
    }

    @Test("a transfer that was under way is called off, and the person's call is none that is told of or counted")
    func transfers() async throws {
        let store = try directory.store()
        var person = call("person", on: "before", second: 5)
        person.direction = .outbound
        func act(_ number: Int, _ name: String = "transfer_warm", outcome: String? = nil) -> StoreWrite {
            .tool(
                ToolRecord(
                    callID: "caller", turn: 1, invocationID: "\(name)-\(number)", name: name, arguments: "{}",
                    outcome: outcome, succeeded: outcome.map { _ in false }, started: 4000))
        }
        try await store.apply([
            .call(call("caller", on: "before")), .call(person), act(1, outcome: #"{"outcome":"declined"}"#), act(2),
            act(1, "book"),
            .turn(TurnRecord(callID: "caller", number: 1, speaker: .caller, started: 0, ended: 16_000, text: "yes")),
        ])
        let told: @Sendable (CallRecord) -> [WebhookDraft] = { call in
            [
                WebhookDraft(
                    id: "ended_\(call.id)", endpoint: "crm", event: "call.ended", stream: call.id, subject: call.id,
                    happenedAt: call.endedAt ?? .distantPast)
            ]
        }
        #expect(try await store.endOrphans(exceptOf: "now", announcing: told) == 2)
        #expect(try await store.webhooks().deliveries.map(\.id) == ["ended_caller"])
        let story = try await store.story(ofCall: "caller")
        let acts = Dictionary(uniqueKeysWithValues: story.tools.map { ($0.invocationID, $0) })
        #expect(acts["transfer_warm-1"]?.outcome == #"{"outcome":"declined"}"#)
        #expect(acts["transfer_warm-2"]?.outcome == #"{"outcome":"cancelled","reason":"node.lost"}"#)
        #expect(acts["transfer_warm-2"]?.succeeded == false && acts["transfer_warm-2"]?.finished == 16_000)
        // What became of anything else nobody knows.
        #expect(acts["book-1"]?.outcome == nil && acts["book-1"]?.succeeded == nil)
        #expect(story.call.resolution == .failed)
        let leg = try await store.story(ofCall: "person").call
        #expect(leg.endReason == "node.lost" && leg.resolution == nil)
    }

    @Test("what a node that was taken for dead stores of its calls stands")
    func comesBack() async throws {
        let store = try directory.store()
        try await store.beat(node("n1"))
        var call = call("a", on: "n1")
        try await store.apply([RevisedWrite(revision: 5, write: .call(call))])
        let seen = try #require(try await store.livingNodes().first)
        #expect(try await store.lose(node: seen, at: start + 60))
        #expect(try await store.endOrphans() == 1)
        call.endedAt = start + 90
        call.endReason = "the caller said goodbye"
        try await store.apply([RevisedWrite(revision: 6, write: .call(call))])
        #expect(try await store.story(ofCall: "a").call == call)
    }

    @Test("a lost node's leases are free")
    func leases() async throws {
        let store = try directory.store()
        try await store.beat(node("n1"))
        let draft = WebhookDraft(
            id: "m", endpoint: "crm", event: "call.ended", stream: "a", subject: "a", happenedAt: start)
        try await store.apply([.announcedCall(call("a", on: "n1"), [draft])])
        try await store.keep(payloads: [("m", "{}")])
        let end = start + 3600
        #expect(
            try await store.leaseWebhooks(endpoint: "crm", owner: "n1", now: start, until: end, limit: 1).count == 1)
        let seen = try #require(try await store.livingNodes().first)
        #expect(try await store.lose(node: seen, at: start + 60))
        let taken = try await store.leaseWebhooks(endpoint: "crm", owner: "n2", now: start, until: end, limit: 1)
        #expect(taken.map(\.fence) == [3])
    }

    @Test(
        "a call goes on once: who asks first has it, who asks again has it still, and a node that died before loses it")
    func resumption() async throws {
        let store = try directory.store()
        for id in ["n1", "n2", "n3"] { try await store.beat(node(id)) }
        try await store.apply([RevisedWrite(revision: 1, write: .call(call("c1", on: "n1")))])
        #expect(try await store.resume("c1", as: "c2", by: "n2") == .taken(as: "c2"))
        #expect(try await store.resume("c1", as: "c3", by: "n3") == .refused)
        #expect(try await store.resume("c1", as: "c4", by: "n2") == .taken(as: "c2"))
        // What its node writes later takes nothing of that away, and its end says so.
        try await store.apply([RevisedWrite(revision: 2, write: .call(call("c1", on: "n1")))])
        #expect(try await store.story(ofCall: "c1").call.resumedAs == "c2")
        var lost = node("n1")
        lost.beats = 1
        #expect(try await store.lose(node: lost, at: start))
        #expect(try await store.endOrphans() == 1)
        let ended = try await store.story(ofCall: "c1").call
        #expect(ended.endReason == Store.handedOverReason && ended.resolution == nil)
        // The second node dies before the call has begun there.
        var second = node("n2")
        second.beats = 1
        #expect(try await store.lose(node: second, at: start))
        #expect(try await store.resume("c1", as: "c5", by: "n3") == .taken(as: "c5"))
        var next = call("c5", on: "n3")
        next.resumes = "c1"
        try await store.apply([RevisedWrite(revision: 1, write: .call(next))])
        #expect(try await store.endOrphans() == 0)
        #expect(try await store.story(ofCall: "c5").call == next)
    }

    @Test(
        "a call that was ended as lost before somebody asks for it goes on all the same; one that ended otherwise does not"
    )
    func lateResumption() async throws {
        let store = try directory.store()
        var over = call("c2", on: "n1")
        (over.endedAt, over.endReason) = (start, "caller hung up")
        try await store.beat(node("n1"))
        try await store.apply([
            RevisedWrite(revision: 1, write: .call(call("c1", on: "n1"))),
            RevisedWrite(revision: 1, write: .call(over)),
        ])
        var lost = node("n1")
        lost.beats = 1
        #expect(try await store.lose(node: lost, at: start))
        #expect(try await store.endOrphans() == 1)
        #expect(try await store.resume("c1", as: "c3", by: "n2") == .taken(as: "c3"))
        #expect(try await store.resume("c2", as: "c4", by: "n2") == .refused)
        let ended = try await store.story(ofCall: "c1").call
        #expect(ended.endReason == Store.handedOverReason && ended.resolution == nil)
    }
}
