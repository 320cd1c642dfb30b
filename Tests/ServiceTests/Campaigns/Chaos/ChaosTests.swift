import Campaigns
import Emulators
import Foundation
import Networking
import Store
import TestPostgres
import Testing

@testable import Service

@Suite("Campaigns while everything fails", .serialized)
struct ChaosTests {
    static let concurrency = 30

    @Test("several nodes on PostgreSQL, killed again and again with their server: everybody once, nobody out of hours")
    func postgres() async throws {
        let server = try TestServer()
        let location = try server.location()
        let plan = ChaosPlan.asked(or: ChaosPlan(contacts: 2000, kills: 60, nodes: 3, restarts: 4, lives: 0.3...10))
        try await Self.run(plan, server: server, database: location) { try Store(postgres: location) }
    }

    @Test("one node on SQLite, killed again and again: everybody once, nobody out of hours")
    func sqlite() async throws {
        let plan = ChaosPlan.asked(or: ChaosPlan(contacts: 2000, kills: 60, nodes: 1, restarts: 0, lives: 0.5...3))
        try await Self.run(plan, server: nil, database: nil, store: nil)
    }

    private static func run(
        _ plan: ChaosPlan, server: TestServer?, database: PostgresLocation?, store open: (() throws -> Store)?
    ) async throws {
        try await CampaignUnderTest.run(plan.configure) { test in
            func store() throws -> Store { try open?() ?? Store(path: test.database) }
            for group in ChaosPlan.Group.allCases {
                try await test.begin(plan.numbers(of: group), named: group.rawValue, in: store()) {
                    Self.define(group, plan, &$0)
                }
            }
            let books = try store()
            try await Self.forbid(plan.forbidden, in: books)
            let begun = ContinuousClock.now
            let kills = Lock(0)
            let isOver = Flag()
            let (nodes, outages) = try await withThrowingTaskGroup(of: NodeStory.self) { group in
                for index in 0..<plan.nodes {
                    let port = try Self.configure("node\(index)", test, database)
                    group.addTask {
                        try await Self.live(
                            index, at: port, in: test.directory, plan, database, kills: kills, until: isOver)
                    }
                }
                async let restarts = Self.restart(server, plan, kills, until: isOver)
                let outcome: Result<[DateInterval], any Error>
                do {
                    try await Self.wait(for: plan.kills / 3, kills, isOver)
                    let early = test.carrier.calls.map(\.to)
                    #expect(Set(early).isDisjoint(with: plan.forbiddenLater), "they are put on the list in time")
                    try await Self.forbid(plan.forbiddenLater, in: books)
                    let away = try await restarts
                    try await Self.wait(for: books, plan, kills: kills, test, until: isOver)
                    outcome = .success(away)
                } catch {
                    outcome = .failure(error)
                }
                isOver.set()
                var all = NodeStory()
                for try await node in group { all.add(node) }
                return (all, try outcome.get())
            }
            var check = ChaosBooks(plan, calls: test.carrier.calls, store: books)
            try await check.check()
            try await books.verify()
            try books.close()
            for index in 0..<plan.nodes {
                let log = try String(contentsOf: test.directory.appending(path: "node\(index).log"), encoding: .utf8)
                #expect(!log.contains("Fatal error") && !log.contains("second call for one attempt"))
            }
            let takeOvers = TakeOvers(
                of: nodes.lives, intents: check.intents, outages: outages, rest: 2 * Self.concurrency)
            // The figure is for reading; that somebody does go on is what must hold.
            #expect(takeOvers.worst ?? 0 < 60)
            if plan.nodes > 1, plan.kills >= 60 { #expect(!takeOvers.all.isEmpty) }
            let takenOver = plan.nodes > 1 ? "\(takeOvers.summary); " : ""
            let seconds = (ContinuousClock.now - begun) / .seconds(1)
            print(
                "chaos: \(plan.contacts) contacts, \(nodes.starts) starts, \(kills.withLock { $0 }) kills, "
                    + "\(nodes.failures) starts that failed, \(plan.restarts) restarts of the server; "
                    + "\(check.calls.count) calls for \(check.attempts) attempts, \(check.notPlaced) never placed, "
                    + "\(check.optedOut) opted out, \(test.carrier.failedCallbacks) webhooks that nobody answered; "
                    + "\(takenOver)\(Int(seconds)) s")
        }
    }

    private static func define(_ group: ChaosPlan.Group, _ plan: ChaosPlan, _ definition: inout CampaignDefinition) {
        definition.pacing.concurrency = concurrency
        definition.pacing.callsPerSecond = plan.rate(of: group)
        switch group {
        case .once: break
        case .again: definition.frequency.attempts = 2
        case .window:
            definition.hours = WeekHours(days: Array(repeating: plan.hours, count: 7))
        }
    }

    private static func forbid(_ numbers: [String], in store: Store) async throws {
        while true {
            let now = Date()
            let records = numbers.map {
                SuppressionRecord(list: SuppressionRecord.internalList, number: $0, reason: "asked", addedAt: now)
            }
            do { return try await store.suppress(records) } catch {
                guard error.code == .unreachable else { throw error }
                try await Task.sleep(for: .milliseconds(100))
            }
        }
    }

    // MARK: The nodes

    /// - Returns: where the carrier reaches the node.
    private static func configure(
        _ name: String, _ test: CampaignUnderTest, _ database: PostgresLocation?
    ) throws -> Int {
        // Its place stays the same, so that the carrier finds the next process there.
        let port = try FixedPort.free()
        // A request that the carrier refused with 503 takes a line until its list was looked at twice, `ask_after` apart, by one
        // process: with more than what most of them live, such requests would take all lines of a campaign.
        let text = """
            public: {port: \(port)}
            private: {port: 0}
            media: {loops: 1, late_beat: 1s, real_time: false}
            agents: {directory: agents, default: reminder}
            campaigns: {directory: campaigns, look_up_after: 1s, give_up_after: 5s, ask_after: 1s}
            speech: {recognizer: ears}
            providers: {ears: {kind: deepgram, url: "ws://127.0.0.1:9"}}
            carriers:
              twilio:
                account_sid: \(CampaignUnderTest.account)
                auth_token: "\(CampaignUnderTest.token)"
                url: "\(test.url)"
                calls_per_second: 100
            calls: {drain_deadline: 1s}
            store: {path: \(database == nil ? "parley" : name).db}
            recordings: {enabled: false}
            log: {format: json}

            """
        try Data(text.utf8).write(to: test.directory.appending(path: "\(name).yaml"))
        return port
    }

    /// One node's life: started, killed at some instant, and started again.
    private static func live(
        _ index: Int, at port: Int, in folder: URL, _ plan: ChaosPlan, _ database: PostgresLocation?, kills: Lock<Int>,
        until isOver: Flag
    ) async throws -> NodeStory {
        var chance = SplitMix(seed: plan.seed &+ UInt64(index) &* 7919)
        var environment: [String: String] = [:]
        if let database { environment["PARLEY_STORE_POSTGRES"] = database.connection }
        let node = NodeProcess("node\(index)", in: folder, environment: environment, outage: plan.outage)
        var lives: [NodeStory.Life] = []
        while !isOver.isSet {
            let began = Date()
            do { try node.start() } catch {
                isOver.set()
                throw error
            }
            let life = plan.lives.lowerBound + chance.unit() * (plan.lives.upperBound - plan.lives.lowerBound)
            let due = ContinuousClock.now + .seconds(life)
            while !isOver.isSet, node.isRunning {
                if ContinuousClock.now >= due, kills.withLock({ $0 }) < plan.kills { break }
                try await Task.sleep(for: .milliseconds(5))
            }
            let end = Date()
            let wasKilled = !isOver.isSet ? await node.stop(SIGKILL) : false
            lives.append(NodeStory.Life(port: port, began: began, killed: wasKilled ? end : nil, gone: Date()))
            if wasKilled { kills.withLock { $0 += 1 } }
            // As a supervisor does with one that does not start.
            try await Task.sleep(for: .milliseconds((wasKilled ? 20 : 500) + Int(chance.unit() * 300)))
        }
        await node.stop(SIGTERM)
        return NodeStory(starts: node.starts, failures: node.failures, lives: lives)
    }

    /// Stops the server in the midst of it, as a machine would that lost its power, and starts it again.
    ///
    /// - Returns: when it was away.
    private static func restart(
        _ server: TestServer?, _ plan: ChaosPlan, _ kills: Lock<Int>, until isOver: Flag
    ) async throws -> [DateInterval] {
        guard let server else { return [] }
        var outages: [DateInterval] = []
        var chance = SplitMix(seed: plan.seed &+ 1)
        for round in 0..<plan.restarts {
            let due = (round + 1) * plan.kills / (plan.restarts + 1)
            try await wait(for: due, kills, isOver)
            try await Task.sleep(for: .seconds(chance.unit()))
            let stopped = Date()
            try server.stop()
            let away = 0.3 + chance.unit() * 1.5
            try await Task.sleep(for: .seconds(round == plan.restarts / 2 ? max(away, plan.outage) : away))
            try server.start()
            outages.append(DateInterval(start: stopped, end: max(stopped, Date())))
        }
        return outages
    }

    private static func wait(for count: Int, _ kills: Lock<Int>, _ isOver: Flag) async throws {
        while kills.withLock({ $0 }) < count {
            guard !isOver.isSet else { throw Unexpected(what: "the nodes", got: "one cannot be started") }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    /// Until every kill is done, nobody is called any more and no call is open.
    private static func wait(
        for store: Store, _ plan: ChaosPlan, kills: Lock<Int>, _ test: CampaignUnderTest, until isOver: Flag
    ) async throws {
        let end = ContinuousClock.now + .seconds(60 + plan.kills * 8 + plan.contacts / 8 + Int(plan.outage))
        while true {
            var states: [CampaignRecord.State] = []
            for name in ["once", "again"] { states.append(try await store.campaign(named: name).state) }
            let open = try await store.openAttempts()
            if kills.withLock({ $0 }) >= plan.kills, states.allSatisfy({ $0 == .finished }), open.isEmpty,
                Date() > plan.closing + 5
            {
                return
            }
            guard ContinuousClock.now < end, !isOver.isSet else {
                throw Unexpected(
                    what: "the campaigns",
                    got:
                        "not done: \(states), \(kills.withLock { $0 }) kills, \(test.carrier.calls.count) calls, open: \(open.prefix(5))"
                )
            }
            try await Task.sleep(for: .milliseconds(200))
        }
    }
}
