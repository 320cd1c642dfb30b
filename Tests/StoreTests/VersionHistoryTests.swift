import Foundation
import Testing

@testable import Store

@Suite("What an agent goes back to", .onBothEngines)
struct VersionHistoryTests {
    let directory: TemporaryDirectory
    let store: Store

    init() throws {
        directory = try TemporaryDirectory()
        store = try directory.store()
    }

    private func publish(_ hashes: String..., percent: Int = 100) async throws {
        for hash in hashes {
            _ = try await store.publish(
                AgentVersionContent(hash: hash, file: "sdr.yaml", source: Data(hash.utf8)), of: "sdr", by: "ann",
                percent: percent)
        }
    }

    private func burn(_ number: Int) async throws -> Int? {
        try await store.burn(version: number, of: "sdr", because: "x", action: .rollBack)?.live
    }

    @Test("is not what a person took off")
    func takenOff() async throws {
        try await publish("a", "b")
        _ = try await store.rollBack("sdr", by: "ann")
        try await publish("c")
        #expect(try await burn(3) == 1)
    }

    @Test("is not a trial that ended")
    func trial() async throws {
        try await publish("a")
        try await publish("b", percent: 10)
        _ = try await store.split("sdr", to: 2, percent: 0, by: "ann")
        try await publish("c")
        #expect(try await burn(3) == 1)
    }

    @Test("is not the same content again")
    func sameContent() async throws {
        try await publish("a", "b")
        try await store.unpublish("sdr", by: "ann")
        try await publish("b")
        #expect(try await store.standing(of: "sdr")?.live == 3)
        #expect(try await burn(3) == 1)
    }

    @Test("is not what was taken up again and taken off again")
    func higherNumber() async throws {
        try await publish("a", "b", "c")
        _ = try await store.rollBack("sdr", to: 1, by: "ann")
        _ = try await store.rollBack("sdr", to: 3, by: "ann")
        _ = try await store.rollBack("sdr", to: 2, by: "ann")
        // Giving the calls of one to three took nothing off.
        #expect(try await burn(2) == 1)
    }

    @Test("goes on from one that cannot be loaded, but not from one that a person chose")
    func passedOver() async throws {
        try await publish("a", "b", "c")
        #expect(try await store.passOver(version: 3, of: "sdr", because: "riddle") == nil)
        #expect(try await burn(3) == 2)
        #expect(try await store.passOver(version: 2, of: "sdr", because: "riddle")?.live == 1)
        #expect(try await store.passOver(version: 2, of: "sdr", because: "riddle") == nil)
        #expect(try await store.passOver(version: 1, of: "sdr", because: "riddle")?.live == 3)
        #expect(try await store.passOver(version: 3, of: "sdr", because: "riddle") == nil)
        _ = try await store.rollBack("sdr", to: 2, by: "ann")
        #expect(try await store.passOver(version: 2, of: "sdr", because: "riddle") == nil)
        // That a trial burns does not choose what is live.
        try await publish("d", percent: 10)
        #expect(try await burn(4) == 2)
        #expect(try await store.passOver(version: 2, of: "sdr", because: "riddle") == nil)
    }

    @Test("a refusal is told until the version is taken, or another decision comes")
    func refusal() async throws {
        try await publish("a", "b")
        #expect(try await store.refusal(of: "sdr") == nil)
        try await store.refuse(version: 2, of: "sdr", because: "riddle")
        #expect(try await store.refusal(of: "sdr") == "riddle")
        let act = try #require(try await store.standing(of: "sdr")).act
        try await store.noteTaken("sdr", since: act)
        #expect(try await store.refusal(of: "sdr") == nil)
        try await store.refuse(version: 2, of: "sdr", because: "riddle")
        try await publish("c")
        #expect(try await store.refusal(of: "sdr") == nil)
        #expect(try await store.agentActs(of: "sdr").count { $0.kind == .refused } == 2)
    }
}
