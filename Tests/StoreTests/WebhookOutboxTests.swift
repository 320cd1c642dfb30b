import Foundation
import GRDB
import Testing

@testable import Store

@Suite("The outbox", .onBothEngines)
struct WebhookOutboxTests {
    let directory: TemporaryDirectory
    private let start = Date(timeIntervalSince1970: 1_790_000_000)

    init() throws { directory = try TemporaryDirectory() }

    private func draft(_ id: String, of stream: String, to endpoint: String = "crm") -> WebhookDraft {
        WebhookDraft(
            id: id, endpoint: endpoint, event: "call.ended", stream: stream, subject: stream, happenedAt: start)
    }

    private func due(_ store: Store, after seconds: TimeInterval = 0, limit: Int = 10) async throws -> [String] {
        try await store.dueWebhooks(endpoint: "crm", now: start + seconds, limit: limit).map(\.id)
    }

    /// Writes drafts with their calls and gives each a payload.
    private func fill(_ store: Store, _ drafts: [WebhookDraft]) async throws {
        try await store.apply(drafts.map { .announcedCall(.sample($0.stream), [$0]) })
        try await store.keep(payloads: drafts.map { ($0.id, "{\"of\":\"\($0.id)\"}") })
    }

    @Test(
        "a call and what is told of it are stored together or not at all, and handing both over again tells it once",
        .tags(.ofFiles))
    func together() async throws {
        let store = try directory.store()
        try await store.write("make a row impossible", "") { db in
            try db.execute(
                sql: """
                    CREATE TRIGGER full BEFORE INSERT ON webhook_deliveries WHEN NEW.id = 'bad'
                    BEGIN SELECT RAISE(ABORT, 'no room'); END
                    """)
        }
        await #expect(throws: StoreError.self) {
            try await store.apply([.announcedCall(.sample("b"), [draft("good", of: "b"), draft("bad", of: "b")])])
        }
        #expect(try await store.webhooks().deliveries == [])
        #expect(try await store.calls().calls == [])
        for _ in 0..<2 { try await store.apply([.announcedCall(.sample("a"), [draft("m1", of: "a")])]) }
        #expect(try await store.webhooks().deliveries.map(\.id) == ["m1"])
        #expect(try await store.story(ofCall: "a").call.id == "a")
    }

    @Test("what waits in the spill file is told too")
    func spilled() async throws {
        let store = try directory.store()
        let writes = [
            RevisedWrite(revision: 1, write: .announcedCall(.sample("a"), [draft("m1", of: "a")]))
        ]
        let read = try JSONDecoder().decode([RevisedWrite].self, from: JSONEncoder().encode(writes))
        #expect(read == writes)
        try await store.apply(read)
        #expect(try await store.unwrittenWebhooks(limit: 10).map(\.id) == ["m1"])
    }

    @Test("due is the first of each call that waits, once its payload is there and its time has come")
    func due() async throws {
        let store = try directory.store()
        try await fill(store, [draft("a1", of: "a"), draft("a2", of: "a"), draft("b1", of: "b")])
        try await store.apply([.announcedCall(.sample("c"), [draft("c1", of: "c")])])
        try await fill(store, [draft("other", of: "a", to: "elsewhere")])
        #expect(try await due(store) == ["a1", "b1"])
        #expect(try await due(store, limit: 1) == ["a1"])
        var first = try await store.webhook(id: "a1")
        #expect(first.payload == "{\"of\":\"a1\"}")
        first.nextAt = start + 60
        first.attempts = 1
        first.status = 500
        first.reason = "status 500"
        try await store.settle(webhook: first)
        #expect(try await due(store) == ["b1"])
        #expect(try await due(store, after: 60) == ["a1", "b1"])
        first.state = .delivered
        first.finishedAt = start + 61
        try await store.settle(webhook: first)
        #expect(try await due(store, after: 61) == ["a2", "b1"])
        #expect(try await store.webhook(id: "a1") == first)
    }

    @Test("a payload is kept as it was first made")
    func payload() async throws {
        let store = try directory.store()
        try await fill(store, [draft("m1", of: "a")])
        try await store.keep(payloads: [("m1", "{}")])
        #expect(try await store.webhook(id: "m1").payload == "{\"of\":\"m1\"}")
    }

    @Test("sent again, a delivery keeps id and payload, stands behind what waits, and has its whole time anew")
    func replay() async throws {
        let store = try directory.store()
        try await fill(store, [draft("a1", of: "a"), draft("a2", of: "a")])
        let pending = await #expect(throws: StoreError.self) { try await store.replay(webhook: "a1", now: start) }
        #expect(pending?.code == .exists)
        var first = try await store.webhook(id: "a1")
        first.state = .dead
        first.finishedAt = start
        first.attempts = 30
        try await store.settle(webhook: first)
        let again = try await store.replay(webhook: "a1", now: start + 1000)
        #expect(again.id == "a1" && again.payload == first.payload && again.sequence > first.sequence)
        #expect(again.state == .pending && again.attempts == 0 && again.replays == 1)
        #expect(again.queuedAt == start + 1000 && again.happenedAt == start)
        #expect(try await due(store, after: 1000) == ["a2"])
        // An outcome of the row before is not taken for this one's.
        first.state = .delivered
        try await store.settle(webhook: first)
        #expect(try await store.webhook(id: "a1").state == .pending)
        let missing = await #expect(throws: StoreError.self) { try await store.replay(webhook: "none", now: start) }
        #expect(missing?.code == .notFound)
    }

    @Test("what is too old is given up with what was said last, and only that")
    func expires() async throws {
        let store = try directory.store()
        try await fill(store, [draft("a1", of: "a"), draft("b1", of: "b")])
        var first = try await store.webhook(id: "a1")
        first.reason = "status 500"
        try await store.settle(webhook: first)
        #expect(try await store.expireWebhooks(queuedBefore: start, now: start) == [:])
        #expect(try await store.expireWebhooks(queuedBefore: start + 1, now: start + 2) == ["crm": 2])
        #expect(try await store.webhook(id: "a1").reason == "it was not delivered in time; status 500")
        #expect(try await store.webhook(id: "b1").state == .dead)
        #expect(try await store.abandonWebhooks(endpoint: "crm", because: "x", now: start) == 0)
    }

    @Test("pages are walked newest first without payloads, and filtered")
    func pages() async throws {
        let store = try directory.store()
        try await fill(store, (1...5).map { draft("m\($0)", of: $0 < 3 ? "a" : "b") })
        let first = try await store.webhooks(limit: 2)
        #expect(first.deliveries.map(\.id) == ["m5", "m4"] && first.deliveries.allSatisfy { $0.payload == nil })
        let second = try await store.webhooks(limit: 2, after: first.next)
        let third = try await store.webhooks(limit: 2, after: second.next)
        #expect((second.deliveries + third.deliveries).map(\.id) == ["m3", "m2", "m1"] && third.next == nil)
        #expect(try await store.webhooks(matching: WebhookFilter(callID: "a")).deliveries.map(\.id) == ["m2", "m1"])
        #expect(try await store.webhooks(matching: WebhookFilter(state: .dead)).deliveries == [])
        #expect(try await store.webhooks(matching: WebhookFilter(endpoint: "none")).deliveries == [])
    }

    @Test("how endpoints stand, and which want nothing any more")
    func standings() async throws {
        let store = try directory.store()
        try await fill(store, [draft("m1", of: "a"), draft("m2", of: "b"), draft("m3", of: "c")])
        var delivery = try await store.webhook(id: "m1")
        delivery.state = .delivered
        delivery.finishedAt = start + 5
        try await store.settle(webhook: delivery)
        delivery = try await store.webhook(id: "m2")
        delivery.state = .dead
        delivery.finishedAt = start + 6
        try await store.settle(webhook: delivery)
        #expect(
            try await store.webhookStandings(of: ["crm", "quiet"]) == [
                "crm": WebhookStanding(pending: 1, dead: 1, oldestPending: start, lastDelivered: start + 5),
                "quiet": WebhookStanding(),
            ])
        let disabled = DisabledWebhookEndpoint(name: "crm", url: "https://a", reason: "status 410", disabledAt: start)
        try await store.disableWebhookEndpoint(disabled)
        #expect(try await store.disabledWebhookEndpoints() == [disabled])
        #expect(try await store.enableWebhookEndpoint("crm"))
        #expect(try await !store.enableWebhookEndpoint("crm"))
        #expect(try await store.deleteWebhooks(finishedBefore: start + 6) == 1)
        #expect(try await store.webhooks().deliveries.map(\.id) == ["m3", "m2"])
    }

    @Test("what was told of a call goes with the call")
    func retention() async throws {
        let store = try directory.store()
        try await fill(store, [draft("m1", of: "a"), draft("m2", of: "b")])
        try await store.apply([.call(.sample("b", second: 100))], firstRevision: 10)
        _ = try await store.deleteCalls(before: start + 50)
        #expect(try await store.webhooks().deliveries.map(\.id) == ["m2"])
    }

    @Test("a review and an attempt's end are told with the row itself, once")
    func reviews() async throws {
        let store = try directory.store()
        let review = ReviewDraft(
            idempotencyKey: "k", callID: "c", agent: "a", agentVersion: "1", contact: "", tool: "t", arguments: "{}",
            reason: "r", expiresAt: start + 60)
        for _ in 0..<2 {
            _ = try await store.file(review, now: start) { [start] in
                [
                    WebhookDraft(
                        id: "msg_\($0.id)", endpoint: "crm", event: "review.requested", stream: $0.callID,
                        subject: "\($0.id)", happenedAt: start)
                ]
            }
        }
        #expect(try await store.webhooks().deliveries.map(\.subject) == ["1"])
    }
}
