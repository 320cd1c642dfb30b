import Foundation
import TestPostgres
import Testing

@testable import Store

@Suite("Signals between the processes of a server's database", .serialized)
struct StoreSignalTests {
    private static let start = Date(timeIntervalSince1970: 1_790_000_000)

    /// What a listener heard, for a test that waits.
    private final class Ear: @unchecked Sendable {
        // @unchecked: touched with the lock held.
        private let lock = NSLock()
        private var heard: [(signal: StoreSignal, at: ContinuousClock.Instant)] = []

        func note(_ signal: StoreSignal) { lock.withLock { heard.append((signal, .now)) } }

        func count(_ signal: StoreSignal) -> Int { lock.withLock { heard.count { $0.signal == signal } } }

        func wait(for signal: StoreSignal, _ count: Int) async -> ContinuousClock.Instant? {
            let end = ContinuousClock.now + .seconds(20)
            while ContinuousClock.now < end {
                let moments = lock.withLock { heard.filter { $0.signal == signal }.map(\.at) }
                if moments.count >= count { return moments[count - 1] }
                try? await Task.sleep(for: .milliseconds(1))
            }
            return nil
        }
    }

    private static func campaign(_ store: Store) async throws {
        try await store.createCampaign(CampaignRecord(id: "c1", name: "one", definition: "{}", createdAt: start))
    }

    @Test("what one process decides another one hears at once; how soon is printed")
    func latency() async throws {
        let location = try TestServer.shared.get().location()
        let (one, other) = (try Store(postgres: location), try Store(postgres: location))
        try await Self.campaign(one)
        let ear = Ear()
        let listener = try #require(other.listen { ear.note($0) })
        // At first everything is taken for signalled.
        for signal in StoreSignal.allCases { #expect(await ear.wait(for: signal, 1) != nil) }
        var waits: [Duration] = []
        for round in 0..<20 {
            let (from, to): (CampaignRecord.State, CampaignRecord.State) =
                round.isMultiple(of: 2) ? (.created, .running) : (.running, .created)
            let begun = ContinuousClock.now
            #expect(try await one.moveCampaign(id: "c1", from: [from], to: to, at: Self.start))
            waits.append(try #require(await ear.wait(for: .campaigns, round + 2)) - begun)
        }
        #expect(listener.metrics.heard == [.campaigns: 20] && listener.metrics.isConnected)
        #expect(ear.count(.webhooks) == 1 && ear.count(.versions) == 1)
        waits.sort()
        print("a signal takes \(waits[10] / .milliseconds(1)) ms (median), \(waits[19] / .milliseconds(1)) ms at most")
        listener.close()
        try one.close()
        try other.close()
    }

    @Test("events that are written, and sent again, are signalled; what is not kept is not, nor what changes nothing")
    func causes() async throws {
        let location = try TestServer.shared.get().location()
        let store = try Store(postgres: location)
        try await Self.campaign(store)
        let ear = Ear()
        let listener = try #require(store.listen { ear.note($0) })
        #expect(await ear.wait(for: .webhooks, 1) != nil)
        // It is not running, so it cannot be paused.
        #expect(try await !store.moveCampaign(id: "c1", from: [.running], to: .paused, at: Self.start))
        await #expect(throws: StoreError.self) {
            try await store.write("fail", "on purpose") { (db) -> Void in
                try db.signal(.campaigns)
                throw StoreError(.failed, operation: "fail", subject: "on purpose", detail: "on purpose")
            }
        }
        let draft = WebhookDraft(
            id: "w1", endpoint: "crm", event: "call.ended", stream: "a", subject: "a", happenedAt: Self.start)
        try await store.apply([.announcedCall(.sample("a"), [draft])])
        #expect(await ear.wait(for: .webhooks, 2) != nil)
        try await store.apply([.call(.sample("b"))])
        try await store.keep(payloads: [("w1", "{}")])
        var delivery = try #require(
            try await store.leaseWebhooks(
                endpoint: "crm", owner: "n", now: Self.start, until: Self.start + 60, limit: 1
            ).first)
        (delivery.state, delivery.finishedAt) = (.dead, Self.start)
        #expect(try await store.settle(webhook: delivery))
        _ = try await store.replay(webhook: "w1", now: Self.start)
        #expect(await ear.wait(for: .webhooks, 3) != nil)
        #expect(ear.count(.campaigns) == 1 && ear.count(.webhooks) == 3)
        listener.close()
        try store.close()
    }

    @Test("a connection that is lost is made anew, and everything is taken for signalled; another schema is not heard")
    func lost() async throws {
        let server = try TestServer.shared.get()
        let store = try Store(postgres: server.location())
        let stranger = try Store(postgres: server.location())
        try await Self.campaign(store)
        try await Self.campaign(stranger)
        let ear = Ear()
        let listener = try #require(store.listen { ear.note($0) })
        #expect(await ear.wait(for: .campaigns, 1) != nil)
        #expect(try await stranger.moveCampaign(id: "c1", from: [.created], to: .running, at: Self.start))
        _ = try await store.read("cut", "a connection") { db in
            let channel = try String.fetchOne(db, sql: "SELECT \(SQLSession.signalChannel)") ?? ""
            try db.execute(
                sql: "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = ?",
                arguments: ["LISTEN \"\(channel)\""])
        }
        #expect(await ear.wait(for: .campaigns, 2) != nil)
        #expect(listener.metrics.failures == 1 && listener.metrics.heard.isEmpty)
        #expect(try await store.moveCampaign(id: "c1", from: [.created], to: .running, at: Self.start))
        #expect(await ear.wait(for: .campaigns, 3) != nil)
        #expect(listener.metrics.heard == [.campaigns: 1])
        listener.close()
        try store.close()
        try stranger.close()
    }

    @Test("a database in a file has nobody to signal to")
    func file() throws {
        let directory = try TemporaryDirectory()
        let store = try directory.store()
        #expect(store.listen { _ in } == nil)
        try store.close()
    }
}
