import Foundation
import Testing

@testable import Store

@Suite("Teams' runs in the store", .onBothEngines)
struct TeamRunTests {
    private static let now = Date(timeIntervalSince1970: 1_800_000_000)

    private static func run(_ store: Store, _ id: String = "r1", began: Date = now) async throws -> TeamRunRecord {
        try await store.begin(
            TeamRunDraft(
                id: id, idempotencyKey: id, agent: "sdr", agentVersion: "v", plan: "{}", variables: ["email": "a@b"],
                stages: [["one"], ["two"]]), now: began)
    }

    @Test("a step is one taker's until the lease is over, and not before its time")
    func claims() async throws {
        let directory = try TemporaryDirectory()
        let (store, other) = (try directory.store(), try directory.store())
        let run = try await Self.run(store)
        #expect(run.steps.map(\.name) == ["one", "two"] && run.variables == ["email": "a@b"])
        func claim(_ store: Store, _ seconds: Double) async throws -> Int? {
            try await store.claim(step: "one", ofRun: "r1", lease: .seconds(60), now: Self.now + seconds)
        }
        func renew(_ attempt: Int, _ seconds: Double) async throws -> Bool {
            try await store.renew(
                step: "one", ofRun: "r1", attempt: attempt, lease: .seconds(60), now: Self.now + seconds)
        }
        func note(_ attempt: Int?, _ outcome: TeamStepOutcome, _ seconds: Double) async throws -> Bool {
            try await other.note(step: "one", ofRun: "r1", attempt: attempt, outcome, now: Self.now + seconds)
        }
        #expect(try await claim(store, 0) == 1)
        #expect(try await claim(other, 59) == nil)
        #expect(try await renew(1, 50))
        #expect(try await claim(other, 109) == nil)
        #expect(try await claim(other, 111) == 2)
        // The first one wakes up: the step is not theirs any more.
        #expect(try await !renew(1, 112))
        for outcome in [TeamStepOutcome(.failed), TeamStepOutcome(.pending), TeamStepOutcome(.done, result: "late")] {
            #expect(try await !note(1, outcome, 113))
        }
        #expect(try await !note(nil, TeamStepOutcome(.done), 113))
        let later = TeamStepOutcome(.pending, reason: "busy", notBefore: Self.now + 500)
        #expect(try await note(2, later, 120))
        #expect(try await claim(store, 499) == nil)
        #expect(try await claim(store, 500) == 3)
        // Only what is waited for is settled by nobody in particular, and only then.
        #expect(try await note(3, TeamStepOutcome(.waiting), 501))
        #expect(try await !note(3, TeamStepOutcome(.failed), 502))
        #expect(try await note(nil, TeamStepOutcome(.done, result: "r"), 503))
        #expect(try await !note(nil, TeamStepOutcome(.failed), 504))
        #expect(try await store.teamRun(id: "r1").step("one")?.state == .done)
        #expect(try await claim(other, 9999) == nil)
    }

    @Test("runs that wait are not among those that are due, however old they are")
    func due() async throws {
        let directory = try TemporaryDirectory()
        let store = try directory.store()
        for index in 0..<120 {
            let id = "waiting\(index)"
            _ = try await Self.run(store, id)
            _ = try await store.claim(step: "one", ofRun: id, lease: .seconds(60), now: Self.now)
            let review = try await store.file(
                ReviewDraft(
                    idempotencyKey: id, callID: "c", agent: "sdr", agentVersion: "v", contact: "", tool: "t",
                    arguments: "{}", reason: "r", expiresAt: Self.now + 3600), now: Self.now)
            try await store.note(
                step: "one", ofRun: id, attempt: 1, TeamStepOutcome(.waiting, reviewID: review.id), now: Self.now)
        }
        _ = try await Self.run(store, "late", began: Self.now + 1)
        #expect(try await store.dueTeamRuns(now: Self.now + 2) == ["late"])
        #expect(try await store.dueTeamRuns(withoutStep: "one", now: Self.now + 2) == [])
        #expect(try await store.answeredTeamRuns(now: Self.now + 2) == [])
        _ = try await store.decide(review: 7, .rejected, by: "eve", now: Self.now + 2)
        #expect(try await store.answeredTeamRuns(now: Self.now + 2) == ["waiting6"])
        #expect(try await store.answeredTeamRuns(now: Self.now + 3600).count == 120)
        // A run all of whose steps are over is to be ended.
        try await store.note(step: "one", ofRun: "waiting6", attempt: nil, TeamStepOutcome(.rejected), now: Self.now)
        #expect(try await store.dueTeamRuns(now: Self.now + 2) == ["waiting6", "late"])
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
        #expect(try await store.claim(step: "one", ofRun: "r1", lease: .seconds(1), now: Self.now) == nil)
        #expect(try await store.openTeamRuns() == ["r2"])
        _ = try await store.deleteCalls(before: Self.now + 1)
        #expect(try await store.teamRuns().map(\.id) == ["r2"])
        await #expect(throws: StoreError.self) { _ = try await store.teamRun(id: "r1") }
    }
}
