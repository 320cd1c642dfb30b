import Foundation
import Networking
import ServiceLifecycle
import Store
import TestPostgres
import Testing

@testable import Service

@Suite("A service among the nodes of its database")
struct NodeServiceTests {
    @Test("is in the registry with its calls, drains when it is told to stop, and is closed at the end")
    func lifecycle() async throws {
        try await ServiceUnderTest.run { test in
            let stopped = Lock(false)
            let caller = TestCaller(
                saying: ["no thank you"], on: test.loop, mayAnswer: { _ in stopped.withLock { $0 } })
            caller.dial(try await test.announce("CA1"))
            func own() async throws -> [String: Any] {
                let nodes = try await test.api("GET", "/api/v1/nodes").object["nodes"] as? [[String: Any]]
                #expect(nodes?.count == 1)
                return nodes?.first ?? [:]
            }
            try await test.waitUntil("the call is in the registry") { try await own()["calls"] as? Int == 1 }
            #expect(try await own()["state"] as? String == "open")
            #expect(try await own()["capacity"] as? Int == test.service.configuration.calls.maximum)
            #expect(try await test.metric("parley_nodes") == 1)
            await test.group.triggerGracefulShutdown()
            try await test.waitUntil("the node drains") { try await own()["state"] as? String == "draining" }
            stopped.withLock { $0 = true }
            caller.goOn()
            #expect(await caller.ended().contains("1000"))
        } afterwards: { store, _ in
            let nodes = try await store.nodes()
            #expect(nodes.map(\.state) == [.closed])
            let call = try await store.story(ofCarrierCall: "CA1").call
            #expect(call.node == nodes[0].id && call.endReason == "the caller said goodbye")
        }
    }

    @Test(
        "holds a call while its server is away for seconds: the caller notices nothing, nothing is lost, nothing doubled"
    )
    func serverAway() async throws {
        let server = try TestServer()
        let location = try server.location()
        let lines = ["what is the temperature", "what is the temperature", "what is the temperature", "no thank you"]
        try await ServiceUnderTest.run(configure: { configuration, _ in
            configuration.store.postgres = Secret(location.connection)
        }) { test in
            let asked = Lock(0)
            let caller = TestCaller(
                saying: lines, on: test.loop,
                mayAnswer: { number in
                    asked.withLock { $0 = max($0, number) }
                    return true
                })
            caller.dial(try await test.announce("CA1"))
            try await test.waitUntil("the first answer is given", within: .seconds(30)) {
                asked.withLock { $0 } >= 1
            }
            try server.stop()
            let away = ContinuousClock.now
            // The rest of the conversation, and its end.
            #expect(await caller.ended().contains("1000"))
            try await test.waitUntil("records are put aside", within: .seconds(30)) {
                try await test.metric("parley_store_spilled_records_total") > 0
            }
            try await Task.sleep(until: max(away + .seconds(4), .now))
            try server.start()
            try await test.waitUntil("what was put aside is in the database", within: .seconds(60)) {
                guard try await test.metric("parley_store_replayed_records_total") > 0 else { return false }
                return try await test.service.store.calls().calls.first?.endedAt != nil
            }
            for name in ["dropped", "rejected"] {
                #expect(try await test.metric("parley_store_\(name)_records_total") == 0)
            }
        } afterwards: { store, _ in
            let calls = try await store.calls().calls
            #expect(calls.count == 1)
            let story = try await store.story(ofCarrierCall: "CA1")
            #expect(story.call.endReason == "the caller said goodbye")
            #expect(story.turns.filter { $0.speaker == .caller }.map(\.text) == lines)
            #expect(story.turns.filter { $0.speaker == .agent }.map(\.number) == [0, 1, 2, 3, 4])
            #expect(story.tools.count == 3 && story.incidents.isEmpty)
            let journal = try await store.journal(ofCall: story.call.id, limit: 10_000)
            #expect(journal.map(\.sequence) == Array(0..<journal.count))
        }
    }
}
