import Agent
import Foundation
import GRDB
import Logging
import ServiceLifecycle
import Store
import Testing

@testable import Service

@Suite("A team's work when something fails, or the process ends", .timeLimit(.minutes(2)))
struct TeamFaultTests {
    private typealias Team = TeamUnderTest

    private static func inFolder(_ body: (String) async throws -> Void) async throws {
        let folder = try Team.folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await body(folder)
    }

    private static let two = "before: [{step: one, goal: \"a\"}, {step: two, goal: \"b\"}]"

    private static func begin(_ team: Team, in store: Store) async throws -> String {
        try await TeamOffice(store: store).begin(team.agent, variables: [:], dial: nil).id
    }

    @Test("a store that fails inside a step ends no run: the step is taken up when its lease is over")
    func storeFails() async throws {
        try await Self.inFolder { folder in
            let team = try Team(Self.two, in: folder, mind: { task, _ in .says("Did \(task).") })
            let store = try team.store()
            let id = try await Self.begin(team, in: store)
            let broken = TeamRunner(
                store: store,
                workshop: TeamRunner.Workshop(
                    agents: { ["crew": team.agent] },
                    dialogue: { _, _ in
                        throw StoreError(.locked, operation: "read", subject: "x", detail: "database is locked")
                    }), lease: .milliseconds(400), logger: Logger(label: "test"))
            try await broken.runOnce()
            let run = try await store.teamRun(id: id)
            #expect(run.state == .open && run.step("one")?.state == .running)
            try await team.runner(store, now: { Date(timeIntervalSinceNow: 5) }).runOnce()
            #expect(try await store.teamRun(id: id).state == .done)
        }
    }

    @Test("a step that cannot be taken is left until the next look")
    func cannotClaim() async throws {
        try await Self.inFolder { folder in
            let team = try Team(Self.two, in: folder, mind: { task, _ in .says("Did \(task).") })
            let store = try team.store()
            let id = try await Self.begin(team, in: store)
            let database = try DatabaseQueue(path: store.path)
            try await database.write { db in
                try db.execute(
                    sql: "CREATE TRIGGER broken BEFORE UPDATE ON team_steps BEGIN SELECT RAISE(ABORT, 'broken'); END")
            }
            // It would never come back.
            try await team.runner(store).runOnce()
            #expect(try await store.teamRun(id: id).steps.map(\.attempts) == [0, 0])
            try await database.write { db in try db.execute(sql: "DROP TRIGGER broken") }
            try await team.runner(store).runOnce()
            #expect(try await store.teamRun(id: id).state == .done)
        }
    }

    @Test("told to stop, nothing more is begun, and what is under way is kept")
    func stops() async throws {
        struct Working: ServiceLifecycle.Service {
            let runner: TeamRunner

            // The next look is an hour away: only being told ends it.
            func run() async throws { await runner.run(every: .seconds(3600)) }
        }
        try await Self.inFolder { folder in
            let meeting = Team.Meeting(of: 9)
            let team = try Team(Self.two, in: folder, mind: { _, _ in .meets(meeting) })
            let store = try team.store()
            let id = try await Self.begin(team, in: store)
            let group = ServiceGroup(
                services: [Working(runner: team.runner(store))], logger: Logger(label: "test"))
            try await withThrowingTaskGroup { tasks in
                tasks.addTask { try await group.run() }
                while meeting.count == 0 { await Task.yield() }
                await group.triggerGracefulShutdown()
                meeting.end()
                try await tasks.waitForAll()
            }
            let run = try await store.teamRun(id: id)
            #expect(run.state == .open && run.steps.map(\.state) == [.done, .pending])
            #expect(run.steps[0].result == "Met." && meeting.count == 1)
        }
    }

    @Test("from the terminal only the runs that are named are worked on, and no calls are followed")
    func named() async throws {
        try await Self.inFolder { folder in
            let team = try Team(
                Self.two + "\nafter: [{step: log, goal: \"{outcome}\"}]", in: folder,
                mind: { task, _ in .says("Did \(task).") })
            let store = try team.store()
            _ = try await team.runner(store).look()
            let (mine, other) = (try await Self.begin(team, in: store), try await Self.begin(team, in: store))
            let began = Date() + 1
            try await store.apply([
                RevisedWrite(
                    revision: 1,
                    write: .call(
                        CallRecord(
                            id: "c", carrier: "twilio", direction: .inbound, from: "+15550100", to: "+15550101",
                            agent: "crew", agentVersion: "v", startedAt: began, endedAt: began + 1)))
            ])
            await team.runner(store, now: { began + 2 }).work(on: [mine])
            #expect(try await store.teamRuns().count == 2)
            #expect(try await store.teamRun(id: mine).state == .done)
            #expect(try await store.teamRun(id: other).steps.map(\.attempts) == [0, 0])
            // The service does follow it.
            try await team.runner(store, now: { began + 2 }).runOnce()
            #expect(try await store.teamRuns().count == 3)
        }
    }

    @Test("what is kept of tools' calls is masked as the calls of callers are")
    func masked() async throws {
        try await Self.inFolder { folder in
            let team = try Team(
                "before: [{step: one, goal: \"a\"}]", in: folder,
                mind: { _, results in
                    results == 0 ? .calls("send", ["note": "Card 4111 1111 1111 1111."]) : .says("Sent.")
                })
            let store = try team.store()
            let id = try await Self.begin(team, in: store)
            try await team.runner(store).runOnce()
            let calls = try #require(try await store.teamRun(id: id).steps.first?.calls)
            #expect(calls.contains("send") && calls.contains("•") && !calls.contains("4111 1111"))
        }
    }
}
