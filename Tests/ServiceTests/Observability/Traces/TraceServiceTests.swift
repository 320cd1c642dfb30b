import Emulators
import Foundation
import Networking
import Store
import Testing

@testable import Service

/// A whole call over real sockets, whose spans OpenTelemetry's own definition of the protocol reads.
@Suite("Traces of a running service")
struct TraceServiceTests {
    private static let agent = """
        name: desk
        kind: model
        summary: Answers the telephone.
        greeting: "Good morning."
        thresholds: {reask_below: 0.3, escalate_below: 0.0, max_reasks: 2}
        silence: {reprompt_after: 9, max_reprompts: 2, prompts: ["?"], farewell: "."}
        barge_in: {protected_greeting_words: 0}
        tools: {thermostat_read: read}
        escalation: [{hang_up: true, say: "Please call again later."}]
        model:
          provider: mind
          max_tokens: 300
          step_budget: 6
          first_token_deadline: 4
          progress_deadline: 3
          apology: "Sorry."
          not_understood: "Sorry?"
        instructions: You answer the telephone.
        """

    private static var check: URL {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "peers/check_traces.py")
    }

    /// Holds a call with a model and a tool, and gives what the collector and the webhook's receiver were sent.
    private func hold(
        _ configure: @escaping (inout ParleyConfiguration) -> Void = { _ in }
    ) async throws -> (id: String, spans: [HookReceiver.Request], events: [HookReceiver.Request]) {
        var fleet = EmulatorFleet.Configuration()
        fleet.openAI.script = { exchange in
            if let result = exchange.toolResults.last { return .init("It says \(result.prefix(5)).") }
            return exchange.userText == "what is the temperature"
                ? .init("One moment.", toolCalls: [.init(name: "thermostat_read", arguments: "{}")])
                : .init("Goodbye.", toolCalls: [.init(name: "end_call", arguments: "{}")])
        }
        let emulators = EmulatorFleet(fleet, logger: LogCollector().logger)
        let addresses = try await emulators.start()
        let collector = try HookReceiver { _, _ in .answer(200, body: "{}") }
        let hooks = try HookReceiver()
        let id = Lock("")
        do {
            try await ServiceUnderTest.run { configuration, directory in
                try? Data(Self.agent.utf8).write(to: directory.appending(path: "agents/desk.yaml"))
                configuration.agents.default = "desk"
                var provider = ParleyConfiguration.Provider(kind: .openai)
                provider.url = addresses.openAI
                provider.model = "gpt-fable"
                provider.apiKey = Secret("emulated")
                configuration.providers["mind"] = provider
                configuration.telemetry.url = "http://127.0.0.1:\(collector.port)"
                configuration.telemetry.headers = Secret("authorization=Bearer%20hush")
                configuration.telemetry.allowedAddresses = [AddressBlock("127.0.0.1")].compactMap(\.self)
                WebhookServiceTests.tell(hooks, &configuration)
                configure(&configuration)
            } _: { test in
                let call = try await test.finishedCall(saying: ["what is the temperature", "that is all thank you"])
                id.withLock { $0 = call }
                try await test.waitUntil("both events arrived") { hooks.requests.count == 2 }
                #expect(!test.log.contains("hush"))
            }
        } catch {
            await emulators.shutdown()
            throw error
        }
        await emulators.shutdown()
        return (id.withLock { $0 }, collector.requests, hooks.requests)
    }

    @Test(
        "call, turns, stages, models and tools arrive before the service has stopped, are valid OTLP, use names of the conventions, and hold no word",
        .enabled(if: TestPeers.python != nil, "PARLEY_PEERS names no environment"))
    func whole() async throws {
        let (id, requests, events) = try await hold()
        let lines = try requests.map { request in
            #expect(request.headers["authorization"] == "Bearer hush")
            return String(
                decoding: try JSONSerialization.data(withJSONObject: [
                    "path": request.path, "type": request.headers["content-type"] ?? "", "body": request.body,
                ]), as: UTF8.self)
        }
        let program = try String(contentsOf: Self.check, encoding: .utf8)
        let result = try TestPeers.run(program, input: lines.joined(separator: "\n"))
        #expect(result.status == 0, "\(result.error)")
        let report = try #require(
            JSONSerialization.jsonObject(with: Data(result.text.utf8)) as? [String: Any], "\(result.text)")
        let names = try #require(report["names"] as? [String: Int])
        #expect(names["call"] == 1 && (names["turn"] ?? 0) >= 2, "\(names)")
        #expect((names["chat gpt-fable"] ?? 0) >= 3 && names["execute_tool thermostat_read"] == 1, "\(names)")
        for stage in ["end_of_turn", "recognition", "reply", "synthesis", "first_audio", "playout"] {
            #expect((names[stage] ?? 0) >= 1, "\(stage) of \(names)")
        }
        #expect(report["service"] as? String == "parley")
        #expect((report["tokens"] as? Int ?? 0) > 0)
        let identity = TraceIdentity(callID: id)
        #expect(report["traces"] as? [String] == [identity.traceID])
        // Whoever is told of the call continues its trace.
        #expect(events.allSatisfy { $0.headers["traceparent"] == identity.traceparent(isSampled: true) })
        let text = requests.map(\.body).joined()
        for word in ["temperature", "One moment", "It says", "Good morning", "5550100", "hush", "telephone"] {
            #expect(!text.contains(word), "\(word)")
        }
    }

    @Test("a call that is not sampled leaves no span, and whoever is told of it is told so")
    func unsampled() async throws {
        let (id, requests, events) = try await hold { $0.telemetry.sampleRatio = 0 }
        #expect(requests.isEmpty)
        let parent = TraceIdentity(callID: id).traceparent(isSampled: false)
        #expect(events.allSatisfy { $0.headers["traceparent"] == parent })
    }
}
