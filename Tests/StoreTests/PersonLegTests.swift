import Foundation
import Testing

@testable import Store

@Suite("Calls to people in the store", .onBothEngines)
struct PersonLegTests {
    let directory: TemporaryDirectory
    private let start = Date(timeIntervalSince1970: 1_790_000_000)

    init() throws { directory = try TemporaryDirectory() }

    private func leg(_ id: String, on node: String, _ carrierCall: String? = nil, second: Int = 0) -> PersonLegRecord {
        PersonLegRecord(
            id: id, callID: "c-\(id)", node: node, carrier: "twilio", carrierCallID: carrierCall,
            number: "+493012345678",
            callerID: "+15550199", askedAt: start + Double(second))
    }

    private func node(_ id: String) -> NodeRecord {
        NodeRecord(id: id, name: "host", version: "v", startedAt: start, capacity: 10)
    }

    @Test("a call is noted before it has a name, named once, and forgotten")
    func life() async throws {
        let store = try directory.store()
        try await store.add(leg("p1", on: "n1"))
        var expected = leg("p1", on: "n1")
        #expect(try await store.personLegs() == [expected])
        try await store.name(personLeg: "p1", carrierCallID: "CA1")
        try await store.name(personLeg: "p1", carrierCallID: "CA2")
        expected.carrierCallID = "CA1"
        #expect(try await store.personLegs() == [expected])
        #expect(try await store.claimed(carrierCallIDs: ["CA1", "CA2"], of: "twilio") == ["CA1"])
        #expect(try await store.claimed(carrierCallIDs: [], of: "twilio").isEmpty)
        try await store.remove(personLeg: "p1")
        try await store.remove(personLeg: "p1")
        #expect(try await store.personLegs().isEmpty)
    }

    @Test("a call of the carrier's that is talked on is somebody's until it is over")
    func talking() async throws {
        let store = try directory.store()
        var call = CallRecord.sample("x")
        try await store.apply([.call(call)], firstRevision: 1)
        #expect(try await store.claimed(carrierCallIDs: ["CAx", "CAy"], of: "twilio") == ["CAx"])
        #expect(try await store.claimed(carrierCallIDs: ["CAx"], of: "plivo").isEmpty)
        call.endedAt = call.startedAt + 10
        try await store.apply([.call(call)], firstRevision: 2)
        #expect(try await store.claimed(carrierCallIDs: ["CAx"], of: "twilio").isEmpty)
    }

    @Test(
        "of nodes on a server those are taken whose node has died or ended, by one node each, and by another should it die"
    )
    func deadNodes() async throws {
        let store = try directory.store()
        for id in ["dead", "left", "right"] { try await store.beat(node(id)) }
        var closed = node("closed")
        closed.state = .closed
        closed.endedAt = start
        try await store.beat(closed)
        try await store.add(leg("p1", on: "dead", "CA1"))
        try await store.add(leg("p2", on: "left", "CA2", second: 1))
        try await store.add(leg("p3", on: "closed", second: 2))
        try await store.add(leg("p4", on: "forgotten", second: 3))
        #expect(try await store.takeUnwanted(by: "left", isAlone: false).map(\.id) == ["p3", "p4"])
        #expect(try await store.takeUnwanted(by: "right", isAlone: false).isEmpty)
        let dead = try #require(try await store.livingNodes().first { $0.id == "dead" })
        #expect(try await store.lose(node: dead, at: start + 60))
        let taken = try await store.takeUnwanted(by: "right", isAlone: false)
        #expect(taken.map(\.id) == ["p1"] && taken.first?.node == "right" && taken.first?.tries == 1)
        // Until it is over it comes again; what somebody waits for does not.
        let again = try await store.takeUnwanted(by: "right", isAlone: false)
        #expect(again.map(\.id) == ["p1"] && again.first?.tries == 2)
        let right = try #require(try await store.livingNodes().first { $0.id == "right" })
        #expect(try await store.lose(node: right, at: start + 90))
        let others = try await store.takeUnwanted(by: "left", isAlone: false)
        #expect(others.map(\.id) == ["p1", "p3", "p4"] && others.map(\.tries) == [3, 2, 2])
        #expect(try await store.takeUnwanted(by: "left", isAlone: false, limit: 1).map(\.id) == ["p1"])
    }

    @Test("when other nodes asked a carrier is known, and what was long ago is left out")
    func times() async throws {
        let store = try directory.store()
        for (second, node) in ["n1", "n2", "n2", "n3"].enumerated() {
            try await store.add(leg("p\(second)", on: node, second: second))
        }
        let times = try await store.personCallTimes(of: "twilio", exceptOf: "n3", since: start + 1)
        #expect(times == [start + 1, start + 2])
        #expect(try await store.personCallTimes(of: "plivo", exceptOf: "n3", since: start).isEmpty)
    }

    @Test("where one node is alone, all of others are its own; one that could not be ended comes again")
    func alone() async throws {
        let store = try directory.store()
        try await store.beat(node("before"))
        try await store.beat(node("own"))
        try await store.add(leg("p1", on: "before"))
        try await store.add(leg("p2", on: "own", second: 1))
        #expect(try await store.takeUnwanted(by: "own", isAlone: true).map(\.id) == ["p1"])
        try await store.remove(personLeg: "p1")
        #expect(try await store.takeUnwanted(by: "own", isAlone: true).isEmpty)
        try await store.abandon(personLeg: "p2")
        let taken = try await store.takeUnwanted(by: "own", isAlone: true)
        #expect(taken.map(\.id) == ["p2"] && taken.first?.tries == 2)
    }
}
