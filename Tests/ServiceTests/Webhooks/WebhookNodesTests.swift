import Foundation
import Logging
import Networking
import Store
import TestPostgres
import Testing

@testable import Service

@Suite("Dispatchers of several nodes on one server")
struct WebhookNodesTests {
    private static func call(_ id: String) -> CallRecord {
        CallRecord(
            id: id, carrier: "twilio", direction: .inbound, from: "+15550100", to: "+15550199", agent: "receptionist",
            agentVersion: "1", startedAt: Date(), endedAt: Date(), endReason: "callerHungUp")
    }

    private static func configuration(_ port: Int) -> ParleyConfiguration.Webhooks {
        var configuration = ParleyConfiguration.Webhooks()
        var endpoint = ParleyConfiguration.Webhooks.Endpoint()
        endpoint.url = "http://127.0.0.1:\(port)/"
        endpoint.secret = Secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
        configuration.endpoints["crm"] = endpoint
        configuration.allowedAddresses = [AddressBlock("127.0.0.1")].compactMap(\.self)
        configuration.firstRetry = .milliseconds(40)
        configuration.longestRetry = .milliseconds(200)
        return configuration
    }

    /// Runs a dispatcher for each name until everything is delivered.
    private static func deliver(
        _ location: PostgresLocation, _ configuration: ParleyConfiguration.Webhooks, by nodes: [String]
    ) async throws {
        let logger = LogCollector().logger
        let store = try Store(postgres: location)
        var options = WebhookDispatcher.Options()
        options.tick = .milliseconds(10)
        let dispatchers = try nodes.map { name in
            WebhookDispatcher(
                WebhookDesk(configuration),
                payloads: WebhookPayloads(
                    store: try Store(postgres: location), endpoints: configuration.endpoints), owner: name,
                options: options, logger: logger)
        }
        try await withThrowingTaskGroup { group in
            for dispatcher in dispatchers { group.addTask { await dispatcher.run() } }
            let end = ContinuousClock.now + .seconds(60)
            while try await store.webhooks(matching: WebhookFilter(state: .pending), limit: 1).deliveries.count > 0 {
                guard ContinuousClock.now < end else {
                    Issue.record("not within a minute")
                    break
                }
                try await Task.sleep(for: .milliseconds(20))
            }
            for dispatcher in dispatchers { await dispatcher.stop() }
            try await group.waitForAll()
        }
    }

    private static func hold(_ count: Int, _ location: PostgresLocation, _ configuration: ParleyConfiguration.Webhooks)
        async throws -> [String]
    {
        let (store, roster) = (try Store(postgres: location), WebhookRoster(configuration))
        let ids = (0..<count).map { "c\($0)" }
        for id in ids {
            let call = call(id)
            try await store.apply([
                RevisedWrite(revision: 1, write: .announcedCall(call, roster.callStarted(call))),
                RevisedWrite(revision: 2, write: .announcedCall(call, roster.callEnded(call))),
            ])
        }
        return ids
    }

    @Test("send every event once, in the order of its call, and share the work")
    func share() async throws {
        let location = try TestServer.shared.get().location()
        let receiver = try HookReceiver { _, _ in
            usleep(UInt32.random(in: 1000...15_000))
            return .answer(204)
        }
        let configuration = Self.configuration(receiver.port)
        let ids = try await Self.hold(40, location, configuration)
        try await Self.deliver(location, configuration, by: ["left", "middle", "right"])
        let requests = receiver.requests
        #expect(requests.count == 80 && Set(requests.map(\.id)).count == 80)
        for id in ids {
            #expect(
                requests.filter { $0.id.contains("_\(id)_") }.map(\.type) == ["call.started", "call.ended"], "\(id)")
        }
        let store = try Store(postgres: location)
        #expect(try await store.webhooks(limit: 100).deliveries.allSatisfy { $0.attempts == 1 })
    }

    @Test("what a node has taken and never sent another one sends when its lease has ended")
    func takeOver() async throws {
        let location = try TestServer.shared.get().location()
        let receiver = try HookReceiver()
        let configuration = Self.configuration(receiver.port)
        _ = try await Self.hold(3, location, configuration)
        let store = try Store(postgres: location)
        let unwritten = try await store.unwrittenWebhooks(limit: 10)
        try await store.keep(payloads: unwritten.map { ($0.id, "{}") })
        let end = Date() + 1
        let dead = try await store.leaseWebhooks(
            endpoint: "crm", owner: "dead", now: Date(), until: end, limit: 2)
        #expect(dead.count == 2)
        try await Self.deliver(location, configuration, by: ["alive"])
        #expect(receiver.requests.count == 6 && Set(receiver.requests.map(\.id)).count == 6)
        for delivery in dead {
            let sent = try #require(try await store.webhook(id: delivery.id).finishedAt)
            #expect(sent >= end && receiver.requests.contains { $0.id == delivery.id })
        }
    }
}
