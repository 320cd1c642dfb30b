import Foundation
import Networking
import Store
import TestPostgres
import Testing

@testable import Service

@Suite("Who keeps the registry of nodes")
struct NodeKeeperTests {
    private let log = LogCollector()
    private static let patience = 3

    private func keeper(_ store: Store, _ id: String, _ work: NodeKeeper.Work = NodeKeeper.Work()) -> NodeKeeper {
        var options = NodeKeeper.Options()
        options.patience = Self.patience
        var webhooks = ParleyConfiguration.Webhooks()
        webhooks.endpoints["crm"] = ParleyConfiguration.Webhooks.Endpoint()
        return NodeKeeper(
            store: store, id: id, name: "host-\(id)", capacity: 5, options: options, webhooks: WebhookRoster(webhooks),
            logger: log.logger
        ) { work }
    }

    private func call(_ id: String, on node: String) -> RevisedWrite {
        RevisedWrite(
            revision: 1,
            write: .call(
                CallRecord(
                    id: id, carrier: "twilio", direction: .inbound, from: "+15550100", to: "+15550199", agent: "a",
                    agentVersion: "1", startedAt: Date(), node: node)))
    }

    @Test(
        "on a server a node that falls silent is found by the others, its calls are ended and told once, and the rest goes on"
    )
    func deadNode() async throws {
        let location = try TestServer.shared.get().location()
        let stores = try (0..<3).map { _ in try Store(postgres: location) }
        let keepers = ["dead", "left", "right"].enumerated().map { keeper(stores[$0.offset], $0.element) }
        for keeper in keepers { await keeper.look() }
        try await stores[0].apply([call("c1", on: "dead"), call("c2", on: "left")])
        for _ in 0..<Self.patience - 1 {
            #expect(try await stores[0].story(ofCall: "c1").call.endedAt == nil)
            for keeper in keepers[1...] { await keeper.look() }
        }
        let states = Dictionary(
            uniqueKeysWithValues: try await stores[0].nodes().map { ($0.id, $0.state) })
        #expect(states == ["dead": .lost, "left": .open, "right": .open])
        #expect(try await stores[0].story(ofCall: "c1").call.endReason == "node.lost")
        #expect(try await stores[0].story(ofCall: "c2").call.endedAt == nil)
        #expect(try await stores[0].webhooks().deliveries.map(\.id) == ["msg_ended_c1_crm"])
        #expect(log.lines.count { $0.contains("a node is not heard of any more") } == 1)

        // It was only slow.
        await keepers[0].look()
        #expect(log.contains("this node was taken for dead"))
        #expect(try await stores[0].livingNodes().count == 3)
    }

    @Test("a node that drains says so at once, one that ends is closed, and neither is ever lost")
    func endsWell() async throws {
        let location = try TestServer.shared.get().location()
        let (store, other) = (try Store(postgres: location), try Store(postgres: location))
        let ending = keeper(store, "ending", NodeKeeper.Work(calls: 2, hasSpilled: true))
        let watching = keeper(other, "watching")
        let running = Task { await ending.run() }
        func reached(_ state: NodeRecord.State) async throws -> Bool {
            let end = ContinuousClock.now + .seconds(20)
            while ContinuousClock.now < end {
                if try await store.nodes().contains(where: { $0.id == "ending" && $0.state == state }) { return true }
                try await Task.sleep(for: .milliseconds(5))
            }
            return false
        }
        #expect(try await reached(.open))
        await watching.look()
        #expect(watching.othersHaveSpilled)
        ending.drain()
        #expect(try await reached(.draining))
        ending.stop()
        await running.value
        #expect(try await reached(.closed))
        for _ in 0..<Self.patience * 2 { await watching.look() }
        #expect(!watching.othersHaveSpilled)
        let node = try #require(try await store.nodes().first { $0.id == "ending" })
        #expect(node.state == .closed && node.calls == 2 && node.capacity == 5 && node.endedAt != nil)
    }

    @Test(
        "a file's only node ends at its first look what an earlier process has left, once nothing waits in the spill file"
    )
    func alone() async throws {
        let path = NSTemporaryDirectory() + "parley-nodes-\(UUID().uuidString).db"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let store = try Store(path: path)
        await keeper(store, "killed").look()
        try await store.apply([call("c1", on: "killed"), call("c2", on: "new")])
        await keeper(store, "new", NodeKeeper.Work(calls: 1, hasSpilled: true)).look()
        #expect(try await store.story(ofCall: "c1").call.endedAt == nil)
        await keeper(store, "new", NodeKeeper.Work(calls: 1)).look()
        #expect(try await store.story(ofCall: "c1").call.endReason == "node.lost")
        #expect(try await store.story(ofCall: "c2").call.endedAt == nil)
        #expect(try await store.nodes().first { $0.id == "killed" }?.state == .lost)
        try store.close()
    }
}
