import Campaigns
import Emulators
import Foundation
import Logging
import Networking
import ServiceLifecycle
import Store
import TestPostgres
import Testing

@testable import Service

@Suite("Two services that place calls from one server", .serialized)
struct CampaignNodesTests {
    private static let concurrency = 5
    private static let callsPerSecond = 8.0

    @Test(
        "one dials, the other one goes on when it is killed; nobody is called twice, and the campaign's bounds hold over both"
    )
    func takeOver() async throws {
        let location = try TestServer.shared.get().location()
        let numbers = CampaignUnderTest.numbers(40)
        try await CampaignUnderTest.run {
            $0.callee = { number, _ in number.last == "0" ? .busy : .hangsUp(after: .milliseconds(200)) }
            $0.ringing = .milliseconds(100)
        } _: { test in
            try await test.begin(numbers, in: Store(postgres: location)) {
                $0.pacing.concurrency = Self.concurrency
                $0.pacing.callsPerSecond = Self.callsPerSecond
            }
            let (path, url, database) = (test.directory.path, test.url, location.connection)
            try await withThrowingTaskGroup { tasks in
                tasks.addTask {
                    await #expect(processExitsWith: .signal(SIGKILL)) {
                        [path = path as String, url = url as String, database = database as String] in
                        try await CampaignNodesTests.placeCallsUntilKilled(path, carrier: url, database: database)
                    }
                }
                // The second one waits while the first one dials.
                let end = ContinuousClock.now + .seconds(60)
                while test.carrier.calls.isEmpty, ContinuousClock.now < end {
                    try await Task.sleep(for: .milliseconds(10))
                }
                try await test.serve(in: location, until: CampaignUnderTest.isFinished)
                try await tasks.waitForAll()
            }

            let calls = test.carrier.calls
            #expect(
                Dictionary(grouping: calls, by: \.to).mapValues(\.count)
                    == Dictionary(
                        uniqueKeysWithValues: numbers.map { ($0, 1) }))
            #expect(test.carriedByAttempt.filter { $0.value > 1 }.isEmpty)
            // By where the carrier asks what to do: all calls of one node came before those of the other.
            let nodes = calls.map { $0.answerURL.components(separatedBy: "/twilio/outbound")[0] }
            let changes = zip(nodes, nodes.dropFirst()).count { $0 != $1 }
            #expect(Set(nodes).count == 2 && changes == 1)

            let begun = calls.map(\.created).sorted()
            for (index, moment) in begun.enumerated() {
                let within = begun[index...].prefix { $0.timeIntervalSince(moment) < 1 }.count
                // A bucket may be full at the begin of any second.
                #expect(Double(within) <= 2 * Self.callsPerSecond)
                let live = calls.count { $0.created <= moment && ($0.ended ?? .distantFuture) > moment }
                #expect(live <= Self.concurrency)
            }
            let store = try Store(postgres: location)
            let campaign = try await store.campaign(named: "test")
            for contact in try await store.contacts(campaign: campaign.id) {
                #expect(contact.state == .done && contact.attempts == 1)
                let attempts = try await store.attempts(contact: contact.id)
                #expect(attempts.allSatisfy { $0.state == .ended })
            }
            let by = Dictionary(grouping: nodes) { $0 }.mapValues(\.count)
            print("calls by node: \(by.values.sorted())")
        }
    }

    @Test("a campaign that another process starts is called at once, not at the next look")
    func signalled() async throws {
        let location = try TestServer.shared.get().location()
        try await CampaignUnderTest.run {
            $0.callee = { _, _ in .busy }
        } _: { test in
            try await test.begin(CampaignUnderTest.numbers(3), in: Store(postgres: location))
            let office = try test.office(Store(postgres: location))
            _ = try await office.pause("test", reason: "not yet")
            var options = CampaignUnderTest.options
            options.tick = .seconds(300)
            let begun = Lock<ContinuousClock.Instant?>(nil)
            let looks = Lock(0)
            try await test.serve(in: location, within: .seconds(30), dialling: options) { _ in
                // By then it has looked, and seen nothing to do.
                if looks.withLock({
                    $0 += 1
                    return $0 == 40
                }) {
                    begun.withLock { $0 = .now }
                    _ = try await office.start("test")
                }
                // At the first look one may begin.
                return test.carrier.calls.count == 1
            }
            let waited = try ContinuousClock.now - #require(begun.withLock { $0 })
            print(
                "called \(waited / .milliseconds(1)) ms after another process had started the campaign, with the end of the service"
            )
            try office.store.close()
        }
    }

    @Test(
        "three services never begin more calls in a second than the account may, nor hold more, whoever of them dials")
    func account() async throws {
        let location = try TestServer.shared.get().location()
        let numbers = CampaignUnderTest.numbers(60)
        let (rate, most) = (10, 6)
        try await CampaignUnderTest.run {
            $0.callee = { _, _ in .hangsUp(after: .milliseconds(100)) }
            $0.ringing = .milliseconds(50)
        } _: { test in
            try await test.begin(numbers, in: Store(postgres: location)) {
                $0.pacing.concurrency = 50
                $0.pacing.callsPerSecond = 50
            }
            let logger = Logger(label: "nodes") { _ in SwiftLogNoOpLogHandler() }
            let services = try (0..<3).map { index in
                try CampaignUnderTest.service(
                    in: test.directory, carrier: test.url, database: location.connection, name: "node\(index)",
                    logger: logger
                ) {
                    $0.carriers.twilio.callsPerSecond = Double(rate)
                    $0.campaigns.concurrency = most
                }
            }
            let watch = try Store(postgres: location)
            try await withThrowingTaskGroup { tasks in
                let groups = services.map { ServiceGroup(services: [$0], logger: logger) }
                for group in groups { tasks.addTask { try await group.run() } }
                for service in services { _ = try await service.reachable() }
                // Whoever dials is told to go, twice.
                let end = ContinuousClock.now + .seconds(60)
                var gone: Set<Int> = []
                while try await !CampaignUnderTest.isFinished(watch), ContinuousClock.now < end {
                    let calls = test.carrier.calls
                    if gone.count < 2, calls.count >= 15 * (gone.count + 1), let last = calls.last {
                        for (index, service) in services.enumerated() where !gone.contains(index) {
                            let port = try await service.reachable().publicPort
                            guard last.answerURL.contains(":\(port)/") else { continue }
                            gone.insert(index)
                            await groups[index].triggerGracefulShutdown()
                        }
                    }
                    try await Task.sleep(for: .milliseconds(10))
                }
                for group in groups { await group.triggerGracefulShutdown() }
                try await tasks.waitForAll()
                #expect(gone.count == 2)
            }
            try watch.close()
            let calls = test.carrier.calls.sorted { $0.created < $1.created }
            #expect(calls.count == numbers.count)
            #expect(Set(calls.map { $0.answerURL.components(separatedBy: "/twilio/outbound")[0] }).count == 3)
            let begun = calls.map(\.created)
            let seconds = begun.indices.map { from in begun[from...].prefix { $0 < begun[from] + 1 }.count }
            let live = calls.map { call in
                calls.count { $0.created <= call.created && ($0.ended ?? .distantFuture) > call.created }
            }
            // Requests may be on their way for a while on a machine that is busy; nodes that did not know of each other would
            // begin two or three times as many.
            #expect(seconds.max() ?? 0 <= rate * 3 / 2)
            #expect(live.max() ?? 0 <= most)
            print("of \(rate) a second \(seconds.max() ?? 0) at most, of \(most) at a time \(live.max() ?? 0)")
        }
    }

    /// The child: a whole service that is killed two seconds after it has begun to place calls.
    static func placeCallsUntilKilled(_ path: String, carrier: String, database: String) async throws {
        let logger = Logger(label: "child") { _ in SwiftLogNoOpLogHandler() }
        let service = try CampaignUnderTest.service(
            in: URL(fileURLWithPath: path), carrier: carrier, database: database, name: "first", logger: logger)
        let group = ServiceGroup(services: [service], logger: logger)
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { try await group.run() }
            _ = try await service.reachable()
            tasks.addTask {
                while try await service.store.openAttempts().isEmpty { try await Task.sleep(for: .milliseconds(10)) }
                try await Task.sleep(for: .seconds(2))
                kill(getpid(), SIGKILL)
            }
            try await tasks.waitForAll()
        }
    }
}
