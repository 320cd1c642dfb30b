import Foundation
import Store
import TestPostgres
import Testing

@testable import Service

@Suite("parley check of the nodes")
struct NodeCheckTests {
    private static let now = Date(timeIntervalSince1970: 1_796_230_800)

    private static func node(_ id: String, _ name: String, seen seconds: TimeInterval) -> NodeRecord {
        var node = NodeRecord(id: id, name: name, version: "1", startedAt: now - 1000, calls: 3, capacity: 100)
        node.seenAt = now - seconds
        return node
    }

    @Test("two that run now and have one name are an error that says what to do; one that was killed before is not")
    func twins() async throws {
        let store = try Store(postgres: TestServer.shared.get().location())
        let configuration = ParleyConfiguration.Node()
        #expect(
            try await SystemCheck.nodes(store, configuration, now: Self.now) == "no service works on this database now")
        try await store.beat(Self.node("n1", "alpha", seen: 1))
        try await store.beat(Self.node("n2", "beta", seen: 2))
        // Its process was killed, and is not missed yet.
        try await store.beat(Self.node("n3", "beta", seen: 60))
        #expect(
            try await SystemCheck.nodes(store, configuration, now: Self.now)
                == "alpha (n1), 3 of 100 calls; beta (n2), 3 of 100 calls")
        try await store.beat(Self.node("n4", "beta", seen: 0))
        let twins = await #expect(throws: NodeTwins.self) {
            _ = try await SystemCheck.nodes(store, configuration, now: Self.now)
        }
        #expect(twins == NodeTwins(name: "beta", ids: ["n2", "n4"]))
        #expect(twins?.description.contains("let node.name be another one on each") == true)
        try store.close()
    }

    @Test("several that tell carriers one address are an error that says what to do; each with its own are none")
    func address() async throws {
        let store = try Store(postgres: TestServer.shared.get().location())
        let configuration = ParleyConfiguration.Node()
        var nodes = ["n1": "alpha", "n2": "beta"].map { Self.node($0.key, $0.value, seen: 1) }
        for node in nodes { try await store.beat(node) }
        // Where nobody configured one nothing is known.
        _ = try await SystemCheck.nodes(store, configuration, now: Self.now)
        for index in nodes.indices {
            nodes[index].address = "https://voice.example.org"
            try await store.beat(nodes[index])
        }
        let shared = await #expect(throws: NodesAtOneAddress.self) {
            _ = try await SystemCheck.nodes(store, configuration, now: Self.now)
        }
        #expect(shared == NodesAtOneAddress(address: "https://voice.example.org", names: ["alpha", "beta"]))
        #expect(shared?.description.contains("let public.node_url be an address of its own on each") == true)
        nodes[0].address = "https://node1.voice.example.org"
        try await store.beat(nodes[0])
        _ = try await SystemCheck.nodes(store, configuration, now: Self.now)
        try store.close()
    }
}
