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
