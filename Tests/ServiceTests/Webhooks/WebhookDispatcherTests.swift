import Foundation
import Logging
import Networking
import Speech
import Store
import Testing

@testable import Service

/// A store, endpoints that may be anywhere on loopback, and the driver between them, at a pace for tests.
private struct OutboxUnderTest {
    static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

    let directory: URL
    let store: Store
    let log = LogCollector()

    init() throws {
        directory = FileManager.default.temporaryDirectory.appending(path: "parley-outbox-\(UUID().uuidString)")
        store = try Store(path: directory.appending(path: "parley.db").path)
    }

    static func configuration(_ ports: [String: Int], timeout: Duration = .seconds(30)) -> ParleyConfiguration.Webhooks
    {
        var configuration = ParleyConfiguration.Webhooks()
        for (name, port) in ports {
            var endpoint = ParleyConfiguration.Webhooks.Endpoint()
            endpoint.url = "http://127.0.0.1:\(port)/hooks?tenant=7"
            endpoint.secret = Secret(secret)
            endpoint.timeout = timeout
            configuration.endpoints[name] = endpoint
        }
        configuration.allowedAddresses = [AddressBlock("127.0.0.1")].compactMap(\.self)
        configuration.firstRetry = .milliseconds(40)
        configuration.longestRetry = .milliseconds(200)
        return configuration
    }

    /// A dispatcher whose endpoints rest for moments only.
    static func dispatcher(
        _ store: Store, _ desk: WebhookDesk, logger: Logger, drain: Duration = .seconds(5)
    ) -> WebhookDispatcher {
        var options = WebhookDispatcher.Options()
        options.tick = .milliseconds(10)
        options.sweep = .milliseconds(50)
        options.drain = drain
        var settings = WebhookPlanner.Settings(desk.configuration)
        settings.circuit.shortestRest = .milliseconds(50)
        settings.circuit.longestRest = .milliseconds(200)
        return WebhookDispatcher(
            desk, payloads: WebhookPayloads(store: store, endpoints: desk.configuration.endpoints), options: options,
            settings: settings, logger: logger)
    }

    static func call(_ id: String) -> CallRecord {
        CallRecord(
            id: id, carrier: "twilio", direction: .inbound, from: "+15550100", to: "+15550199", agent: "receptionist",
            agentVersion: "1", startedAt: Date(), endedAt: Date(), endReason: "callerHungUp")
    }

    /// A call that begins and ends, in one transaction with what is told of it.
    func hold(_ id: String, _ configuration: ParleyConfiguration.Webhooks) async throws {
        let (roster, call) = (WebhookRoster(configuration), Self.call(id))
        let writes: [StoreWrite] = [
            .announcedCall(call, roster.callStarted(call)), .announcedCall(call, roster.callEnded(call)),
        ]
        try await store.apply(writes.enumerated().map { RevisedWrite(revision: $0.offset + 1, write: $0.element) })
    }

    /// Runs the dispatcher until it is so.
    func deliver(
        _ configuration: ParleyConfiguration.Webhooks, drain: Duration = .seconds(5),
        until isSo: (WebhookDesk) async throws -> Bool
    ) async throws {
        let desk = WebhookDesk(configuration)
        let dispatcher = Self.dispatcher(store, desk, logger: log.logger, drain: drain)
        try await withThrowingTaskGroup { group in
            group.addTask { await dispatcher.run() }
            let end = ContinuousClock.now + .seconds(30)
            var happened = try await isSo(desk)
            while !happened, ContinuousClock.now < end {
                try await Task.sleep(for: .milliseconds(5))
                happened = try await isSo(desk)
            }
            await dispatcher.stop()
            try await group.waitForAll()
            #expect(happened, "not within half a minute")
        }
    }

    func isDelivered() async throws -> Bool {
        let deliveries = try await store.webhooks().deliveries
        return !deliveries.isEmpty && deliveries.allSatisfy { $0.state == .delivered }
    }

    func close() throws {
        try store.close()
        try FileManager.default.removeItem(at: directory)
    }
}

@Suite("The dispatcher of webhooks")
struct WebhookDispatcherTests {
    @Test("an endpoint that comes up late gets everything once, in the order of each call, at its whole address")
    func downThenUp() async throws {
        let outbox = try OutboxUnderTest()
        // Found free a moment ago.
        let port = try HookReceiver().port
        let configuration = OutboxUnderTest.configuration(["crm": port])
        for call in ["c1", "c2", "c3"] { try await outbox.hold(call, configuration) }
        let receiver = Late()
        try await outbox.deliver(configuration) { _ in
            if receiver.value == nil,
                try await outbox.store.webhooks().deliveries.contains(where: { $0.attempts > 1 })
            {
                receiver.value = try HookReceiver(port: port)
            }
            return try await outbox.isDelivered()
        }
        let requests = try #require(receiver.value).requests
        #expect(requests.count == 6)
        #expect(requests.allSatisfy { $0.path == "/hooks?tenant=7" })
        for call in ["c1", "c2", "c3"] {
            let own = requests.filter { $0.body.contains("\"\(call)\"") }
            #expect(own.map(\.type) == ["call.started", "call.ended"])
            #expect(own.map(\.id) == ["msg_started_\(call)_crm", "msg_ended_\(call)_crm"])
        }
        #expect(try await outbox.store.webhooks().deliveries.allSatisfy { $0.status == 204 && $0.reason == nil })
        try outbox.close()
    }

    private final class Late: @unchecked Sendable {
        // @unchecked: only the test's own task uses it.
        var value: HookReceiver?
    }

    @Test(
        "every way to fail is tried again under the same id with the same bytes, and what is kept of an answer is short"
    )
    func failures() async throws {
        let outbox = try OutboxUnderTest()
        let noise = String(repeating: "<b>\u{1B}[31mno\u{7}\n", count: 20_000)
        let receiver = try HookReceiver { _, number in
            switch number {
            case 0: .cut
            case 1: .answer(500, body: noise)
            case 2: .silence
            case 3: .answer(302, headers: ["location": "http://127.0.0.1:1/"])
            case 4: .answer(429, headers: ["retry-after": "1"])
            case 5: .half(503)
            default: .flood
            }
        }
        var configuration = OutboxUnderTest.configuration(["crm": receiver.port], timeout: .seconds(2))
        configuration.endpoints["crm"]?.events = .init([.callEnded])
        try await outbox.hold("c1", configuration)
        try await outbox.deliver(configuration) { _ in try await outbox.isDelivered() }
        let requests = receiver.requests
        #expect(requests.count == 7)
        #expect(Set(requests.map(\.id)) == ["msg_ended_c1_crm"] && Set(requests.map(\.body)).count == 1)
        let reasons = outbox.log.lines.filter { $0.contains("event not delivered yet") }
            .compactMap { $0.part(between: " reason=", and: " webhook=") }
        #expect(reasons.count == 6, "\(reasons)")
        #expect(reasons.first?.hasPrefix("connectionLost") == true, "\(reasons)")
        let noisy = reasons.dropFirst().first ?? ""
        #expect(noisy.hasPrefix("status 500: <b> [31mno <b>") && noisy.count <= 220, "\(noisy)")
        #expect(reasons.dropFirst(2).first?.hasPrefix("deadlineExceeded") == true, "\(reasons)")
        #expect(
            reasons.dropFirst(3) == ["status 302: redirects are not followed", "status 429", "status 503: half an"])
        // Of a body without end a few buffers were taken.
        #expect(receiver.floodedBytes < 20_000_000)
        try outbox.close()
    }

    @Test(
        "410 disables the endpoint over restarts and gives up what waits; enabled or moved, it is told what is sent again"
    )
    func gone() async throws {
        let outbox = try OutboxUnderTest()
        let receiver = try HookReceiver { _, number in .answer(number == 0 ? 410 : 200) }
        let configuration = OutboxUnderTest.configuration(["crm": receiver.port])
        try await outbox.hold("c1", configuration)
        let allDead = { (_: WebhookDesk) in
            try await outbox.store.webhooks().deliveries.allSatisfy { $0.state == .dead }
        }
        try await outbox.deliver(configuration, until: allDead)
        #expect(try await outbox.store.disabledWebhookEndpoints().map(\.reason) == ["status 410"])
        try await outbox.hold("c2", configuration)
        try await outbox.deliver(configuration, until: allDead)
        #expect(receiver.requests.count == 1)
        #expect(try await outbox.store.webhook(id: "msg_ended_c2_crm").reason == "the endpoint is disabled")
        _ = try await outbox.store.replay(webhook: "msg_ended_c2_crm", now: Date())
        try await outbox.store.enableWebhookEndpoint("crm")
        try await outbox.deliver(configuration) { _ in
            try await outbox.store.webhook(id: "msg_ended_c2_crm").state == .delivered
        }
        #expect(receiver.requests.count == 2)
        try outbox.close()
    }

    @Test("told to stop, it sends what is due, one event of a call after the other, and nothing later")
    func drains() async throws {
        let outbox = try OutboxUnderTest()
        let receiver = try HookReceiver { request, _ in .answer(request.id.contains("c2") ? 500 : 200) }
        var configuration = OutboxUnderTest.configuration(["crm": receiver.port])
        configuration.firstRetry = .seconds(60)
        configuration.longestRetry = .seconds(60)
        for call in ["c1", "c2"] { try await outbox.hold(call, configuration) }
        try await outbox.deliver(configuration) { _ in true }
        let states = try await outbox.store.webhooks().deliveries.map { "\($0.id) \($0.state) \($0.attempts)" }
        #expect(
            Set(states) == [
                "msg_started_c1_crm delivered 1", "msg_ended_c1_crm delivered 1", "msg_started_c2_crm pending 1",
                "msg_ended_c2_crm pending 0",
            ])
        try outbox.close()
    }

    @Test("what a stop cuts short is as if it had not been tried, and goes out at the next start")
    func cutShort() async throws {
        let outbox = try OutboxUnderTest()
        let receiver = try HookReceiver { _, number in number == 0 ? .silence : .answer(200) }
        let configuration = OutboxUnderTest.configuration(["crm": receiver.port])
        try await outbox.hold("c1", configuration)
        try await outbox.deliver(configuration, drain: .milliseconds(50)) { _ in receiver.requests.count == 1 }
        #expect(try await outbox.store.webhooks().deliveries.allSatisfy { $0.state == .pending && $0.attempts == 0 })
        try await outbox.deliver(configuration) { _ in try await outbox.isDelivered() }
        #expect(receiver.requests.count == 3 && receiver.requests[0].id == receiver.requests[1].id)
        try outbox.close()
    }

    @Test("an address that nobody allowed is not connected to, and the reason says which")
    func guarded() async throws {
        let outbox = try OutboxUnderTest()
        let receiver = try HookReceiver()
        var configuration = OutboxUnderTest.configuration(["crm": receiver.port])
        configuration.allowedAddresses = []
        configuration.endpoints["crm"]?.url = "http://localhost:\(receiver.port)/"
        try await outbox.hold("c1", configuration)
        try await outbox.deliver(configuration) { _ in
            try await outbox.store.webhooks().deliveries.contains { $0.attempts > 0 }
        }
        let reason = try await outbox.store.webhooks(matching: WebhookFilter(callID: "c1")).deliveries.last?.reason
        #expect(reason?.contains("is no address of the public internet") == true, "\(reason ?? "")")
        #expect(receiver.requests.isEmpty)
        try outbox.close()
    }

    @Test("endpoints that get no personal data get no number and no word, and others do")
    func personalData() async throws {
        let outbox = try OutboxUnderTest()
        let receiver = try HookReceiver()
        var configuration = OutboxUnderTest.configuration(["open": receiver.port, "shut": receiver.port])
        configuration.endpoints["shut"]?.showsPersonalData = false
        try await outbox.hold("c1", configuration)
        let words = TurnRecord(
            callID: "c1", number: 1, speaker: .caller, started: 800, ended: 16_000, text: "my name is anna",
            entities: ["name": "Anna"])
        let act = ToolRecord(
            callID: "c1", turn: 1, invocationID: "t1", name: "book", arguments: #"{"name":"Anna"}"#,
            outcome: #"{"at":"nine"}"#, succeeded: true, started: 0, finished: 1)
        try await outbox.store.apply([
            RevisedWrite(revision: 3, write: .turn(words)), RevisedWrite(revision: 4, write: .tool(act)),
        ])
        try await outbox.deliver(configuration) { _ in try await outbox.isDelivered() }
        for request in receiver.requests {
            let isOpen = request.id.hasSuffix("open")
            #expect(request.body.contains("+15550100") == isOpen)
            guard request.type == "call.ended" else { continue }
            #expect(request.body.lowercased().contains("anna") == isOpen && request.body.contains("nine") == isOpen)
            let data = try #require(request.object["data"] as? [String: Any])
            let turn = try #require((data["turns"] as? [[String: Any]])?.first)
            #expect(turn["startedMs"] as? Int == 100 && turn["endedMs"] as? Int == 2000)
            let tool = try #require((data["tools"] as? [[String: Any]])?.first)
            #expect(tool["name"] as? String == "book" && tool["succeeded"] as? Bool == true)
            if isOpen { #expect((tool["arguments"] as? [String: String]) == ["name": "Anna"]) }
            #expect(data["entities"] as? [String: String] == (isOpen ? ["name": "Anna"] : nil))
        }
        #expect(receiver.requests.count == 4)
        try outbox.close()
    }

    @Test("a process that is killed after the row, or before the answer, loses nothing: the next one sends it, same id")
    func killed() async throws {
        let outbox = try OutboxUnderTest()
        let receiver = try HookReceiver { _, number in number < 2 ? .silence : .answer(200) }
        let (path, port) = (outbox.store.path, receiver.port)
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String, port = port as Int] in
            try await WebhookDispatcherTests.sendUntilKilled(path, port: port)
        }
        #expect(receiver.requests.count == 1)
        let waiting = try await outbox.store.webhooks().deliveries
        #expect(waiting.map(\.state) == [.pending, .pending])
        let configuration = OutboxUnderTest.configuration(["crm": port], timeout: .seconds(1))
        try await outbox.deliver(configuration) { _ in try await outbox.isDelivered() }
        #expect(receiver.requests.map(\.id).prefix(2) == ["msg_started_c1_crm", "msg_started_c1_crm"])
        #expect(receiver.requests.map(\.id).last == "msg_ended_c1_crm")
        #expect(Set(receiver.requests.filter { $0.type == "call.started" }.map(\.body)).count == 1)
        try outbox.close()
    }

    /// The child: writes a call by way of the writer, begins to send, and is killed before an answer comes.
    static func sendUntilKilled(_ path: String, port: Int) async throws {
        let logger = Logger(label: "child") { _ in SwiftLogNoOpLogHandler() }
        let store = try Store(path: path)
        let writer = try StoreWriter(store: store, logger: logger)
        let configuration = OutboxUnderTest.configuration(["crm": port])
        let (roster, call) = (WebhookRoster(configuration), OutboxUnderTest.call("c1"))
        let dispatcher = OutboxUnderTest.dispatcher(store, WebhookDesk(configuration), logger: logger)
        await withTaskGroup { group in
            group.addTask { await writer.run() }
            writer.enqueue(.announcedCall(call, roster.callStarted(call)))
            writer.enqueue(.announcedCall(call, roster.callEnded(call)))
            await writer.flush()
            group.addTask { await dispatcher.run() }
            group.addTask {
                // The first is under way as soon as its payload is written.
                while (try? await store.webhook(id: "msg_started_c1_crm").payload) == nil { await Task.yield() }
                try? await Task.sleep(for: .milliseconds(300))
                kill(getpid(), SIGKILL)
            }
            await group.waitForAll()
        }
    }
}
