import Agent
import CallSession
import Callers
import Foundation
import Logging
import Networking
import ServiceLifecycle
import Store
import Telephony
import Testing

@testable import Service

/// A whole service on free loopback ports, in a folder of its own, with ears and voice that need no models.
struct ServiceUnderTest: Sendable {
    static let authToken = "12345678901234567890123456789012"

    let service: ParleyService
    let log: LogCollector
    let port: Int
    let privatePort: Int
    let directory: URL
    let group: ServiceGroup
    /// For the test's own sockets.
    let loop: EventLoop
    let client: HTTPClient

    /// Runs a service with agents that Parley ships, the first of which answers, for as long as `body` runs, stops it, and gives what it left in its store to `afterwards`.
    ///
    /// - Parameter callWorkPace: how often calls are looked for that have ended and are to be scored and written down.
    static func run<Result: Sendable>(
        shipped agents: [String] = ["thermostat"], engines: (any CallEngines)? = LightEngines(),
        callWorkPace: Duration = .seconds(1),
        configure: (inout ParleyConfiguration, URL) -> Void = { _, _ in },
        dialogue: @escaping ParleyService.DialogueMaker = { $0.makeDialogue(call: $1, tools: $2, environment: $3) },
        whilePreparing: ((String) async throws -> (status: Int, text: String)) async throws -> Void = { _ in },
        _ body: (ServiceUnderTest) async throws -> Result,
        afterwards: (Store, Result) async throws -> Void = { _, _ in }
    ) async throws {
        var result: Result?
        try await withService(
            shipped: agents, engines: engines, callWorkPace: callWorkPace, configure: configure, dialogue: dialogue,
            { service, group, log, directory in
                let loop = EventLoop(name: "test", logger: log.logger)
                try loop.start()
                let client = HTTPClient(configuration: HTTPClientConfiguration(proxy: .none), logger: log.logger)
                let outcome: Swift.Result<Result, any Error>
                do {
                    let privatePort = try await service.privateReachable()
                    try await whilePreparing { try await ask(client, "http://127.0.0.1:\(privatePort)\($0)") }
                    let test = ServiceUnderTest(
                        service: service, log: log, port: try await service.reachable().publicPort,
                        privatePort: privatePort, directory: directory, group: group, loop: loop, client: client)
                    outcome = .success(try await body(test))
                } catch { outcome = .failure(error) }
                await group.triggerGracefulShutdown()
                await client.shutdown()
                await loop.shutdown()
                result = try outcome.get()
            },
            afterwards: { store in
                guard let result else { return }
                try await afterwards(store, result)
            })
    }

    /// Runs a service until `body` has returned and the group, which `body` may have told to, has stopped.
    static func withService(
        shipped agents: [String] = ["thermostat"], engines: (any CallEngines)? = LightEngines(),
        callWorkPace: Duration = .seconds(1),
        configure: (inout ParleyConfiguration, URL) -> Void = { _, _ in },
        dialogue: @escaping ParleyService.DialogueMaker = { $0.makeDialogue(call: $1, tools: $2, environment: $3) },
        _ body: (ParleyService, ServiceGroup, LogCollector, URL) async throws -> Void,
        afterwards: (Store) async throws -> Void = { _ in }
    ) async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "parley-service-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: directory) }
        let configuration = try configuration(in: directory, agents: agents, configure: configure)
        let log = LogCollector()
        let service = try ParleyService(
            configuration: configuration, logger: log.logger, metrics: PrometheusRegistry(), makeDialogue: dialogue,
            engines: engines, callWorkPace: callWorkPace)
        let group = ServiceGroup(services: [service], logger: log.logger)
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { try await group.run() }
            let outcome: Swift.Result<Void, any Error>
            do { outcome = .success(try await body(service, group, log, directory)) } catch {
                outcome = .failure(error)
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            try outcome.get()
        }
        let store = try Store(configuration.store)
        try await afterwards(store)
        try await checkReplays(store)
        try store.close()
    }

    /// Every call of every test decides the same when its journal is run again.
    static func checkReplays(_ store: Store) async throws {
        for call in try await store.calls(limit: 200).calls {
            do {
                let report = try await CallReplay(call: call.id, store: store).run()
                #expect(report.isExact, "\(report)")
            } catch let fault as CallReplay.Fault {
                // A test that fills queues or the disk loses entries; nothing else is a reason.
                #expect(fault.reason.contains("lacks entry") || fault.reason.contains("no journal"), "\(fault)")
            }
        }
    }

    static var shippedAgents: URL {
        var root = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { root.deleteLastPathComponent() }
        return root.appending(path: "config/agents")
    }

    private static func configuration(
        in directory: URL, agents: [String], configure: (inout ParleyConfiguration, URL) -> Void
    ) throws -> ParleyConfiguration {
        let folder = directory.appending(path: "agents")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for file in agents.map({ "\($0).yaml" }) + ["names"] {
            try FileManager.default.copyItem(at: shippedAgents.appending(path: file), to: folder.appending(path: file))
        }
        // A copy, for documents may be put in and taken out.
        let documents = directory.appending(path: "documents")
        try FileManager.default.copyItem(
            at: shippedAgents.deletingLastPathComponent().appending(path: "documents"), to: documents)
        var configuration = ParleyConfiguration()
        configuration.tools.documents = documents.path
        configuration.public.port = 0
        configuration.private.port = 0
        configuration.media.loops = 1
        // Unoptimised code on a shared machine is late at times, and a call refused for that is not what is tested.
        configuration.media.lateBeat = .seconds(1)
        configuration.agents.directory = folder.path
        configuration.agents.default = agents[0]
        configuration.carriers.twilio.authToken = Secret(Self.authToken)
        configuration.calls.drainDeadline = .seconds(5)
        configuration.store.path = directory.appending(path: "parley.db").path
        configuration.recordings.isEnabled = true
        configuration.recordings.directory = directory.appending(path: "recordings").path
        configuration.campaigns.imports = directory.appending(path: "imports").path
        configuration.speech.phraseStore = directory.appending(path: "phrases").path
        configure(&configuration, directory)
        return configuration
    }

    // MARK: What a carrier does

    /// Posts a form to the public plane, signed as Twilio does unless told otherwise.
    func post(
        _ path: String, _ form: [String: String], signature: String? = nil, signed: Bool = true
    ) async throws -> (status: Int, text: String) {
        let url = "http://127.0.0.1:\(port)\(path)"
        let fields = FormBody(form.sorted { $0.key < $1.key }.map { FormBody.Field($0.key, $0.value) })
        var headers = [("content-type", "application/x-www-form-urlencoded")]
        if signed {
            let own = TwilioSignature(authToken: Self.authToken).sign(url: url, form: fields)
            headers.append(("X-Twilio-Signature", signature ?? own))
        }
        let response = try await client.send(
            HTTPClientRequest(method: "POST", url: url, headers: headers, body: fields.encoded()))
        let body = try await response.body.collect(upTo: 100_000)
        return (response.status, String(decoding: body, as: UTF8.self))
    }

    /// Announces a call, as the carrier does when its number is rung, and returns how to bridge it.
    func announce(_ callID: String, from: String = "+15550100", to: String = "+15550199") async throws
        -> CarrierLine.Call
    {
        let answer = try await post("/twilio/voice", ["CallSid": callID, "From": from, "To": to, "AccountSid": "AC0"])
        guard answer.status == 200, let url = answer.text.part(between: "<Stream url=\"", and: "\""),
            let token = answer.text.part(between: "name=\"token\" value=\"", and: "\"")
        else { throw Unexpected(what: "the answer to the webhook", got: "\(answer)") }
        return CarrierLine.Call(url: url, callID: callID, parameters: ["token": token])
    }

    /// Calls, says `lines` one after the other, and returns why the line was closed.
    func call(_ callID: String, saying lines: [String], to number: String = "+15550199") async throws -> String {
        await TestCaller(saying: lines, on: loop).hold(try await announce(callID, to: number))
    }

    // MARK: What an operator does

    func ask(_ path: String) async throws -> (status: Int, text: String) {
        try await Self.ask(client, "http://127.0.0.1:\(privatePort)\(path)")
    }

    private static func ask(_ client: HTTPClient, _ url: String) async throws -> (status: Int, text: String) {
        let response = try await client.send(HTTPClientRequest(method: "GET", url: url))
        return (response.status, String(decoding: try await response.body.collect(upTo: 1_000_000), as: UTF8.self))
    }

    /// The value of a metric without labels, or the sum over its labels.
    func metric(_ name: String) async throws -> Double {
        try await ask("/metrics").text.split(separator: "\n")
            .filter { $0.hasPrefix(name + " ") || $0.hasPrefix(name + "{") }
            .compactMap { $0.split(separator: " ").last.flatMap { Double($0) } }.reduce(0, +)
    }

    /// How often what came to a carrier's addresses was not believed.
    ///
    /// - Parameter fault: of `WebhookFault`.
    func refusals(_ carrier: String, _ fault: String) async throws -> Double {
        try await metric(#"parley_carrier_webhooks_refused_total{carrier="\#(carrier)",reason="\#(fault)"}"#)
    }
}

extension ServiceUnderTest {
    /// Asks again and again until it is so.
    func waitUntil(_ what: String = #function, within limit: Duration = .seconds(10), _ isSo: () async throws -> Bool)
        async throws
    {
        let end = ContinuousClock.now + limit
        while try await !isSo() {
            guard ContinuousClock.now < end else {
                throw Unexpected(what: what, got: "not within \(limit)")
            }
            try await Task.sleep(for: .milliseconds(5))
        }
    }
}

struct Unexpected: Error, CustomStringConvertible {
    let what: String
    let got: String
    var description: String { "\(what) was not as expected: \(got)" }
}

extension String {
    func part(between start: String, and end: String) -> String? {
        guard let from = range(of: start)?.upperBound, let to = self[from...].range(of: end)?.lowerBound else {
            return nil
        }
        return String(self[from..<to])
    }
}

extension Store {
    /// The story of the one call that the carrier knows by this id.
    func story(ofCarrierCall id: String) async throws -> CallStory {
        let found = try await calls().calls.filter { $0.carrierCallID == id }
        guard found.count == 1 else { throw Unexpected(what: "the number of calls \(id)", got: "\(found.count)") }
        return try await story(ofCall: found[0].id)
    }
}
