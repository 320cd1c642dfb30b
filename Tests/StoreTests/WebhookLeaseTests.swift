import Foundation
import TestPostgres
import Testing

@testable import Store

@Suite("Leases of the outbox", .onBothEngines)
struct WebhookLeaseTests {
    let directory: TemporaryDirectory
    private let start = Date(timeIntervalSince1970: 1_790_000_000)

    init() throws { directory = try TemporaryDirectory() }

    private static func draft(_ id: String, of stream: String, at moment: Date) -> WebhookDraft {
        WebhookDraft(
            id: id, endpoint: "crm", event: "call.ended", stream: stream, subject: stream, happenedAt: moment)
    }

    private func fill(_ store: Store, _ ids: [String]) async throws {
        // The stream is the id's first letter.
        try await store.apply(
            ids.map {
                .announcedCall(.sample(String($0.prefix(1))), [Self.draft($0, of: String($0.prefix(1)), at: start)])
            })
        try await store.keep(payloads: ids.map { ($0, "{}") })
    }

    private func lease(_ store: Store, _ owner: String, after seconds: TimeInterval = 0, limit: Int = 10) async throws
        -> [WebhookDelivery]
    {
        try await store.leaseWebhooks(
            endpoint: "crm", owner: owner, now: start + seconds, until: start + seconds + 60, limit: limit)
    }

    private func settle(_ store: Store, _ delivery: WebhookDelivery) async throws -> Bool {
        var delivery = delivery
        delivery.state = .delivered
        delivery.finishedAt = start
        return try await store.settle(webhook: delivery)
    }

    @Test(
        "what one node has leased no other one gets, and the next of its stream goes when it is settled, to whoever asks"
    )
    func once() async throws {
        let store = try directory.store()
        try await fill(store, ["a1", "a2", "b1", "c1"])
        let first = try await lease(store, "left", limit: 2)
        #expect(first.map(\.id) == ["a1", "b1"] && first.map(\.fence) == [1, 1])
        #expect(try await lease(store, "right").map(\.id) == ["c1"])
        #expect(try await lease(store, "right") == [])
        #expect(try await settle(store, first[0]))
        #expect(try await lease(store, "right").map(\.id) == ["a2"])
    }

    @Test("a dead node's lease is taken over when it ends; what the dead one says of it afterwards is not kept")
    func takenOver() async throws {
        let store = try directory.store()
        try await fill(store, ["a1"])
        let dead = try #require(try await lease(store, "dead").first)
        #expect(try await lease(store, "alive", after: 59.9) == [])
        let taken = try #require(try await lease(store, "alive", after: 60).first)
        #expect(taken.fence == 2)
        #expect(try await !settle(store, dead))
        #expect(try await store.webhook(id: "a1").state == .pending)
        // Giving it back is too late as well.
        try await store.release(webhook: dead)
        #expect(try await lease(store, "third", after: 61) == [])
        #expect(try await settle(store, taken))
        #expect(try await !settle(store, taken))
    }

    @Test("what is given back is anybody's at once, and so is what a node that is no more had")
    func freed() async throws {
        let store = try directory.store()
        try await fill(store, ["a1", "b1", "c1"])
        let leased = try await lease(store, "left", limit: 2)
        try await store.release(webhook: leased[0])
        #expect(try await lease(store, "right").map(\.id) == ["a1", "c1"])
        #expect(try await store.freeWebhooks(leasedBy: "left") == 1)
        #expect(try await lease(store, "third").map(\.id) == ["b1"])
        #expect(try await !settle(store, leased[1]))
        #expect(try await store.freeWebhooks(leasedBy: nil) == 3)
        #expect(try await lease(store, "fourth").map(\.id) == ["a1", "b1", "c1"])
    }

    @Test("what is being sent is not given up, be it old or its endpoint disabled, before its lease ends")
    func notGivenUp() async throws {
        let store = try directory.store()
        try await fill(store, ["a1", "b1"])
        let leased = try await lease(store, "left", limit: 1)
        #expect(try await store.expireWebhooks(queuedBefore: start + 1, now: start + 2) == ["crm": 1])
        #expect(try await store.abandonWebhooks(endpoint: "crm", because: "x", now: start + 2) == 0)
        #expect(try await settle(store, leased[0]))
        #expect(try await store.webhook(id: "b1").state == .dead)
    }

    @Test("something of a stream that appears before what is being sent waits for that")
    func lateEarlier() async throws {
        let store = try directory.store()
        try await fill(store, ["a2"])
        let second = try #require(try await lease(store, "left").first)
        try await fill(store, ["a1", "b1"])
        // As if its transaction had begun before and was committed after.
        try await store.write("number it before", "") { db in
            try db.execute(sql: "UPDATE webhook_deliveries SET sequence = -1 WHERE id = 'a1'")
        }
        #expect(try await lease(store, "right").map(\.id) == ["b1"])
        #expect(try await settle(store, second))
        #expect(try await lease(store, "right").map(\.id) == ["a1"])
    }

    @Test("nodes that lease at the same time get everything once, in the order of each stream")
    func together() async throws {
        let store = try directory.store()
        let streams = "abcdefghijklmnopqrst".map(String.init)
        for number in 1...3 { try await fill(store, streams.map { "\($0)\(number)" }) }
        let (directory, start) = (directory, start)
        let sent = try await withThrowingTaskGroup(of: [String].self) { group in
            for node in 0..<3 {
                group.addTask {
                    let own = try directory.store()
                    var sent: [String] = []
                    while try await store.webhookStandings(of: ["crm"])["crm"]?.pending != 0 {
                        let leased = try await own.leaseWebhooks(
                            endpoint: "crm", owner: "\(node)", now: start, until: start + 60, limit: 4)
                        for var delivery in leased {
                            // Nothing earlier of its stream may still be under way.
                            sent.append(delivery.id)
                            delivery.state = .delivered
                            delivery.finishedAt = Date()
                            #expect(try await own.settle(webhook: delivery))
                        }
                    }
                    return sent
                }
            }
            return try await group.reduce(into: [[String]]()) { $0.append($1) }
        }
        #expect(sent.flatMap(\.self).count == 60 && Set(sent.flatMap(\.self)).count == 60)
        let finished = try await store.webhooks(limit: 100).deliveries
        for stream in streams {
            let own = finished.filter { $0.stream == stream }.sorted { $0.sequence < $1.sequence }
            #expect(own.map(\.id) == ["\(stream)1", "\(stream)2", "\(stream)3"])
            let moments = own.compactMap(\.finishedAt)
            #expect(moments == moments.sorted() && own.map(\.fence) == [1, 1, 1])
        }
    }
}

@Suite("The outbox on a server, while others write into it")
struct WebhookOrderTests {
    @Test("a delivery that is numbered first and committed last is not lost, and waits for what is under way")
    func committedLate() async throws {
        let location = try TestServer.shared.get().location()
        let store = try Store(postgres: location)
        let slow = try PostgresConnection(location)
        func insert(_ id: String) -> String {
            """
            INSERT INTO webhook_deliveries (id, endpoint, event, stream, subject, happened_at, state, queued_at, next_at,
                payload) VALUES ('\(id)', 'crm', 'call.ended', 'a', 'a', 0, 'pending', 0, 0, '{}')
            """
        }
        try slow.command("BEGIN ISOLATION LEVEL SERIALIZABLE")
        try slow.command(insert("first"))
        try PostgresConnection(location).command(insert("second"))
        let (start, end) = (Date(timeIntervalSince1970: 10), Date(timeIntervalSince1970: 70))
        func lease() async throws -> [WebhookDelivery] {
            try await store.leaseWebhooks(endpoint: "crm", owner: "n", now: start, until: end, limit: 10)
        }
        var second = try await lease()
        #expect(second.map(\.id) == ["second"])
        try slow.command("COMMIT")
        #expect(try await store.webhooks().deliveries.map(\.id) == ["second", "first"])
        #expect(try await lease() == [])
        second[0].state = .delivered
        #expect(try await store.settle(webhook: second[0]))
        #expect(try await lease().map(\.id) == ["first"])
    }
}
