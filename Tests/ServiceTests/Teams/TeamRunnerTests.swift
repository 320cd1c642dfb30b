import Agent
import Foundation
import Store
import Testing

@testable import Service

@Suite("What a team does around a call", .timeLimit(.minutes(2)))
struct TeamRunnerTests {
    private typealias Team = TeamUnderTest

    /// Each step sends something once, and reports its own name with its task.
    private static let diligent: Team.Mind = { task, results in results == 0 ? .calls("send") : .says("Did \(task).") }

    private static func inFolder(_ body: (String) async throws -> Void) async throws {
        let folder = try Team.folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(folder)
    }

    private static func begin(
        _ team: Team, in store: Store, _ variables: [String: String] = [:], key: String? = nil
    ) async throws -> String {
        try await TeamOffice(store: store).begin(team.agent, variables: variables, dial: nil, key: key).id
    }

    private static func states(_ run: TeamRunRecord) -> [String: TeamStepRecord.State] {
        Dictionary(run.steps.map { ($0.name, $0.state) }) { first, _ in first }
    }

    @Test("is done step by step, each once, and hands over what was reported")
    func sequence() async throws {
        try await Self.inFolder { folder in
            let team = try Team(
                "before: [{step: one, goal: \"a {who}\"}, {step: two, goal: \"b [{one}]\"}]", in: folder,
                mind: Self.diligent)
            let store = try team.store()
            let id = try await Self.begin(team, in: store, ["who": "2026-11-23"], key: "k")
            #expect(try await Self.begin(team, in: store, ["who": "x"], key: "k") == id)
            for _ in 0..<2 { try await team.runner(store).runOnce() }
            let run = try await store.teamRun(id: id)
            #expect(run.state == .done && run.steps.map(\.state) == [.done, .done])
            #expect(run.steps.map(\.result) == ["Did a 2026-11-23.", "Did b [Did a 2026-11-23.]."])
            #expect(run.steps.map(\.confidence) == [1, 1] && run.steps.map(\.attempts) == [1, 1])
            #expect(team.sent == ["team-\(id)-one/1/send", "team-\(id)-two/1/send"])
            #expect(run.steps[0].calls?.contains(#""tool":"send""#) == true)
        }
    }

    private static let three = """
        before:
          - {step: one, goal: "a"}
          - {step: two, goal: "b"}
          - {step: three, goal: "c"}
        """

    @Test("goes on where it was when the process is killed inside a step, and does nothing twice")
    func killed() async throws {
        try await Self.inFolder { folder in
            await #expect(processExitsWith: .signal(SIGKILL)) { [folder = folder as String] in
                var team = try TeamUnderTest(TeamRunnerTests.three, in: folder, mind: TeamRunnerTests.diligent)
                team.deadlyKey = "-two/"
                let store = try team.store()
                _ = try await TeamRunnerTests.begin(team, in: store)
                try await team.runner(store).runOnce()
            }
            let team = try Team(Self.three, in: folder, mind: Self.diligent)
            let store = try team.store()
            let id = try #require(try await store.teamRuns().first?.id)
            #expect(try await store.teamRun(id: id).steps.map(\.state) == [.done, .running, .pending])
            // Whoever held it may still be alive.
            try await team.runner(store, now: { Date(timeIntervalSinceNow: -5) }).runOnce()
            #expect(try await store.teamRun(id: id).steps.map(\.attempts) == [1, 1, 0])
            try await team.runner(store, now: { Date(timeIntervalSinceNow: 5) }).runOnce()
            let run = try await store.teamRun(id: id)
            #expect(run.state == .done && run.steps.map(\.attempts) == [1, 2, 1])
            #expect(team.sent == ["one", "two", "three"].map { "team-\(id)-\($0)/1/send" })
        }
    }

    private static let reviewed = """
        before:
          - {step: draft, goal: "a", review: always, review_hours: 1}
          - {step: use, goal: "with {draft}"}
        """

    /// What a person decides goes through the same runner as any other review.
    private static func work(_ store: Store) async throws {
        try await ReviewRunner(store: store, tools: { [TeamHandOver()] }).runOnce()
    }

    @Test("waits for a person at the hand-over, over a restart, and hands over what the person made of it")
    func reviewed() async throws {
        try await Self.inFolder { folder in
            let team = try Team(Self.reviewed, in: folder, mind: { task, _ in .says("Did \(task).") })
            var store = try team.store()
            let id = try await Self.begin(team, in: store)
            try await team.runner(store).runOnce()
            try store.close()
            store = try team.store()
            for _ in 0..<2 { try await team.runner(store).runOnce() }
            #expect(try await store.teamRun(id: id).steps.map(\.state) == [.waiting, .pending])
            let review = try #require(try await store.reviews(in: .pending).first)
            #expect(review.tool == "team_hand_over" && review.agent == "crew" && review.callID == "team-\(id)-draft")
            _ = try await store.decide(
                review: review.id, .approved, by: "eve",
                arguments: JSONValue.object(["run": .string(id), "step": "draft", "report": "Better."]).text)
            // Decided is not done yet.
            try await team.runner(store).runOnce()
            #expect(try await store.teamRun(id: id).steps.map(\.state) == [.waiting, .pending])
            try await Self.work(store)
            try await team.runner(store).runOnce()
            let run = try await store.teamRun(id: id)
            #expect(run.state == .done && run.steps.map(\.result) == ["Better.", "Did with Better.."])
            #expect(try await store.reviews().count == 1)
        }
    }

    @Test("ends when the person says no, or nobody looks in time", arguments: [true, false])
    func refused(isRejected: Bool) async throws {
        try await Self.inFolder { folder in
            let team = try Team(Self.reviewed, in: folder, mind: { task, _ in .says("Did \(task).") })
            let store = try team.store()
            let id = try await Self.begin(team, in: store)
            try await team.runner(store).runOnce()
            if isRejected { _ = try await store.decide(review: 1, .rejected, by: "eve", note: "too long") }
            try await team.runner(store, now: { Date(timeIntervalSinceNow: 3700) }).runOnce()
            let run = try await store.teamRun(id: id)
            #expect(run.state == .failed && run.steps.map(\.state) == [isRejected ? .rejected : .expired, .skipped])
            #expect(
                run.reason
                    == (isRejected
                        ? "draft rejected: rejected by eve: too long"
                        : "draft expired: nobody looked at its report in time"))
        }
    }

    @Test("two at once: when one fails the other comes to its end, and the run with it", arguments: [false, true])
    func parallel(isOptional: Bool) async throws {
        try await Self.inFolder { folder in
            var team = try Team(
                """
                before:
                  - parallel:
                      - {step: left, goal: "a", review: never}
                      - {step: right, goal: "b", review: never, optional: \(isOptional)}
                  - {step: last, goal: "c {right}"}
                """, in: folder, mind: Self.diligent)
            team.failingKey = "-right/"
            let store = try team.store()
            let id = try await Self.begin(team, in: store)
            try await team.runner(store).runOnce()
            let run = try await store.teamRun(id: id)
            #expect(run.step("left")?.state == .done && run.step("right")?.state == .failed)
            #expect(run.step("right")?.confidence == 0)
            #expect(run.state == (isOptional ? .done : .failed))
            let doubt = "its confidence is 0.00, and 0.50 is asked for"
            if isOptional {
                #expect(run.step("last")?.result == "Did c (not known: \(doubt)).")
            } else {
                #expect(run.step("last")?.state == .skipped && run.reason == "right failed: \(doubt)")
            }
            #expect(team.sent.contains("team-\(id)-left/1/send"))
        }
    }

    @Test("two at once are at work at the same time")
    func sideBySide() async throws {
        try await Self.inFolder { folder in
            // Each waits for the other; one after the other they would wait for ever.
            let meeting = Team.Meeting(of: 2)
            let team = try Team(
                "before: [{parallel: [{step: left, goal: \"a\"}, {step: right, goal: \"b\"}]}]", in: folder,
                mind: { _, _ in .meets(meeting) })
            let store = try team.store()
            let id = try await Self.begin(team, in: store)
            try await team.runner(store).runOnce()
            #expect(try await store.teamRun(id: id).steps.map(\.result) == ["Met.", "Met."])
        }
    }

    @Test("a report that is not sure enough goes to a person, where the file does not say otherwise")
    func doubtful() async throws {
        try await Self.inFolder { folder in
            var team = try Team(
                "before: [{step: one, goal: \"a\", min_confidence: 0.8}]", in: folder, mind: Self.diligent)
            team.failingKey = "-one/"
            let store = try team.store()
            let id = try await Self.begin(team, in: store)
            try await team.runner(store).runOnce()
            #expect(try await store.teamRun(id: id).steps.map(\.state) == [.waiting])
            #expect(
                try await store.reviews(in: .pending).map(\.reason) == ["its confidence is 0.00, and 0.80 is asked for"]
            )
            _ = try await store.decide(review: 1, .approved, by: "eve")
            try await Self.work(store)
            try await team.runner(store).runOnce()
            #expect(try await store.teamRun(id: id).state == .done)
        }
    }

    @Test(
        "a step whose model fails is tried again later, and not for ever; its apology is handed over to nobody",
        arguments: ["review: never", "review: below", "review: always", "min_confidence: 0"])
    func modelFails(settings: String) async throws {
        try await Self.inFolder { folder in
            let team = try Team(
                "before: [{step: one, goal: \"a\", \(settings)}]", in: folder, mind: { _, _ in .fails })
            let store = try team.store()
            let id = try await Self.begin(team, in: store)
            for attempt in 1...5 {
                for _ in 0..<2 { try await team.runner(store, now: { Date() + Double(attempt) * 60 }).runOnce() }
                let step = try #require(try await store.teamRun(id: id).steps.first)
                #expect(step.attempts == min(attempt, 4) && step.state == (attempt < 4 ? .pending : .failed))
            }
            let run = try await store.teamRun(id: id)
            #expect(run.state == .failed && run.steps[0].reason == "the model failed 4 times")
            #expect(try await store.reviews().isEmpty)
        }
    }

    @Test("follows each call of its agent that ends, once, with what was said; not those from before")
    func afterCall() async throws {
        try await Self.inFolder { folder in
            let team = try Team(
                "after: [{step: log, goal: \"{number} {outcome}: {transcript}\"}]", in: folder,
                mind: { task, _ in .says(task) })
            let store = try team.store()
            func call(_ id: String, began: Date, ended: Date?) -> StoreWrite {
                .call(
                    CallRecord(
                        id: id, carrier: "twilio", direction: .inbound, from: "+15550100", to: "+15550101",
                        agent: "crew",
                        agentVersion: "v", startedAt: began, endedAt: ended, outcome: "booked"))
            }
            let start = Date()
            try await store.apply([RevisedWrite(revision: 1, write: call("old", began: start - 60, ended: start))])
            try await team.runner(store, now: { start }).runOnce()
            #expect(try await store.teamRuns().isEmpty)
            try await store.apply([
                RevisedWrite(revision: 1, write: call("new", began: start + 1, ended: nil)),
                RevisedWrite(
                    revision: 1,
                    write: .turn(
                        TurnRecord(callID: "new", number: 1, speaker: .caller, started: 1, text: "hello there"))),
            ])
            try await team.runner(store, now: { start + 2 }).runOnce()
            #expect(try await store.teamRuns().isEmpty)
            try await store.apply([RevisedWrite(revision: 2, write: call("new", began: start + 1, ended: start + 9))])
            for _ in 0..<3 { try await team.runner(store, now: { start + 10 }).runOnce() }
            let runs = try await store.teamRuns()
            #expect(runs.count == 1 && runs[0].callID == "new" && runs[0].state == .done)
            #expect(runs[0].steps.map(\.result) == ["+15550100 booked: Caller: hello there"])
        }
    }

    @Test("begins nothing whose tasks cannot be told")
    func refusals() async throws {
        try await Self.inFolder { folder in
            let team = try Team("before: [{step: one, goal: \"a {who} {what}\"}]", in: folder, mind: Self.diligent)
            let store = try team.store()
            let error = await #expect(throws: AgentError.self) {
                _ = try await Self.begin(team, in: store, ["who": "x"])
            }
            #expect(error?.description.contains("need what, which nobody gave") == true)
            let late = try Team("after: [{step: one, goal: \"a\"}]", in: folder, mind: Self.diligent)
            await #expect(throws: AgentError.self) { _ = try await Self.begin(late, in: store) }
            #expect(try await store.teamRuns().isEmpty)
        }
    }

    @Test("can be ended by a person: what was not begun is not done")
    func cancelled() async throws {
        try await Self.inFolder { folder in
            let team = try Team(Self.reviewed, in: folder, mind: { task, _ in .says("Did \(task).") })
            let store = try team.store()
            let id = try await Self.begin(team, in: store)
            try await team.runner(store).runOnce()
            let office = TeamOffice(store: store)
            #expect(try await office.cancel(id, by: "eve"))
            #expect(try await !office.cancel(id, by: "eve"))
            // Nobody is asked to look any more.
            #expect(try await store.review(id: 1).state == .expired)
            try await team.runner(store).runOnce()
            let run = try await store.teamRun(id: id)
            #expect(run.state == .cancelled && run.steps.map(\.state) == [.skipped, .skipped])
        }
    }
}
