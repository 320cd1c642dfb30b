import Foundation
import Testing

@testable import Store

@Suite("Teams' runs in the store")
struct TeamRunTests {
    private static let now = Date(timeIntervalSince1970: 1_800_000_000)

    private static func run(_ store: Store, _ id: String = "r1", began: Date = now) async throws -> TeamRunRecord {
        try await store.begin(
            TeamRunDraft(
                id: id, idempotencyKey: id, agent: "sdr", agentVersion: "v", plan: "{}", variables: ["email": "a@b"],
                steps: ["one", "two"]), now: began)
    }

    @Test("a step is one taker's until the lease is over, and not before its time")
    func claims() async throws {
        let directory = try TemporaryDirectory()
        let (store, other) = (try directory.store(), try directory.store())
        let run = try await Self.run(store)
        #expect(run.steps.map(\.name) == ["one", "two"] && run.variables == ["email": "a@b"])
        func claim(_ store: Store, _ seconds: Double) async throws -> Bool {
            try await store.claim(step: "one", ofRun: "r1", lease: .seconds(60), now: Self.now + seconds)
        }
        #expect(try await claim(store, 0))
        #expect(try await !claim(other, 59))
        try await store.renew(step: "one", ofRun: "r1", lease: .seconds(60), now: Self.now + 50)
        #expect(try await !claim(other, 109))
        #expect(try await claim(other, 111))
        #expect(try await store.teamRun(id: "r1").step("one")?.attempts == 2)
        let later = TeamStepOutcome(.pending, reason: "busy", notBefore: Self.now + 500)
        try await other.note(step: "one", ofRun: "r1", later, now: Self.now + 120)
        #expect(try await !claim(store, 499))
        #expect(try await claim(store, 500))
        try await store.note(step: "one", ofRun: "r1", TeamStepOutcome(.done, result: "r"), now: Self.now + 501)
        // Whoever comes late changes nothing.
        try await other.note(step: "one", ofRun: "r1", TeamStepOutcome(.failed), now: Self.now + 502)
        #expect(try await store.teamRun(id: "r1").step("one")?.state == .done)
        #expect(try await !claim(other, 9999))
    }

    @Test("a run that is over begins no step, and goes with the calls of its time; an open one stays")
    func ends() async throws {
        let directory = try TemporaryDirectory()
        let store = try directory.store()
        _ = try await Self.run(store)
        _ = try await Self.run(store, "r2")
        #expect(try await store.finish(run: "r1", .failed, because: "x", now: Self.now))
        #expect(try await !store.finish(run: "r1", .done, now: Self.now))
        let over = try await store.teamRun(id: "r1")
        #expect(over.state == .failed && over.reason == "x" && over.steps.map(\.state) == [.skipped, .skipped])
        #expect(try await !store.claim(step: "one", ofRun: "r1", lease: .seconds(1), now: Self.now))
        #expect(try await store.openTeamRuns().map(\.id) == ["r2"])
        _ = try await store.deleteCalls(before: Self.now + 1)
        #expect(try await store.teamRuns().map(\.id) == ["r2"])
        await #expect(throws: StoreError.self) { _ = try await store.teamRun(id: "r1") }
    }
}
