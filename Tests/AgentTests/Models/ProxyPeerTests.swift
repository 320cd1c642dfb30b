import Agent
import Emulators
import Foundation
import Logging
import Networking
import Testing

/// LiteLLM writes both protocols anew: slightly other JSON than the emulators', and legal.
@Suite("A model behind a proxy that others wrote", .timeLimit(.minutes(5)))
struct ProxyPeerTests {
    private static let lookup = ToolDefinition(
        name: "lookup", summary: "Finds an order.",
        parameters: ["type": "object", "properties": ["id": ["type": "integer"]], "additionalProperties": false],
        risk: .read)

    private static func request(_ text: String, _ messages: [ModelMessage] = []) -> ModelRequest {
        ModelRequest(
            instructions: "Be kind.", messages: [.user(text)] + messages, tools: [lookup],
            firstTokenDeadline: .seconds(20), progressDeadline: .seconds(20))
    }

    private static func script(_ exchange: ModelEmulatorConfiguration.Exchange) -> ModelEmulatorConfiguration.Reply {
        if !exchange.toolResults.isEmpty { return .init(exchange.toolResults.joined(separator: " and ")) }
        guard exchange.userText == "Look" else { return .init("Grüß dich, yes.") }
        return .init(
            "One moment.",
            toolCalls: [7, 8].map { ModelEmulatorConfiguration.ToolCall(name: "lookup", arguments: #"{"id":\#($0)}"#) })
    }

    /// One proxy for all, because it takes half a minute to start.
    @Test(
        "text, tools, refusals, errors and a caller who leaves come through as from the model itself",
        .enabled(if: ModelProxy.environment != nil, "PARLEY_PROXY names no environment"))
    func throughProxy() async throws {
        func fleet(_ faults: [ModelEmulatorConfiguration.Fault]) -> EmulatorFleet {
            var configuration = EmulatorFleet.Configuration()
            configuration.openAI = OpenAIChatEmulatorConfiguration(faults: faults, script: Self.script)
            return EmulatorFleet(configuration, logger: Logger(label: "test"))
        }
        let emulators = fleet([])
        let faulty = fleet([
            .refuse(status: 429, code: "rate_limit_exceeded", retryAfterMilliseconds: nil), .none,
            .stall(afterChunks: 2),
        ])
        let client = HTTPClient(configuration: HTTPClientConfiguration(proxy: .none), logger: Logger(label: "test"))
        let addresses = (try await emulators.start().openAI, try await faulty.start().openAI)
        let outcome: Result<Void, any Error>
        do {
            try await ModelProxy.serve(before: addresses.0, addresses.1, client: client) { proxy in
                func chat(_ model: String) -> any LanguageModel {
                    OpenAIChatModel(
                        configuration: OpenAIChatConfiguration(
                            baseURL: "\(proxy.url)/v1", model: model, apiKey: ModelProxy.key), client: client)
                }
                try await talk(to: chat("chat"))
                try await talk(
                    to: AnthropicModel(
                        configuration: AnthropicConfiguration(
                            baseURL: proxy.url, model: "messages", apiKey: ModelProxy.key), client: client))
                try await fail(chat("faulty"), faulty)
            }
            outcome = .success(())
        } catch { outcome = .failure(error) }
        await client.shutdown()
        await emulators.shutdown()
        await faulty.shutdown()
        try outcome.get()
    }

    private func talk(to model: any LanguageModel) async throws {
        let hello = await Answer(model.answer(Self.request("Hello")))
        #expect(
            hello.error == nil && hello.text == "Grüß dich, yes." && hello.finish?.reason == .stop,
            "\(String(describing: hello.error))")
        #expect((hello.finish?.usage?.completionTokens ?? 0) > 0)
        let first = await Answer(model.answer(Self.request("Look")))
        #expect(first.error == nil && first.text == "One moment." && first.finish?.reason == .toolCalls, "\(first)")
        #expect(
            first.calls.map(\.name) == ["lookup", "lookup"] && first.calls.map(\.arguments) == [["id": 7], ["id": 8]])
        let results = first.calls.map { ModelMessage.tool(id: $0.id, content: "shipped") }
        let second = await Answer(
            model.answer(Self.request("Look", [.assistant(text: first.text, calls: first.calls)] + results)))
        #expect(second.error == nil && second.text == "shipped and shipped")
    }

    private func fail(_ model: any LanguageModel, _ emulators: EmulatorFleet) async throws {
        // Asked again, as nothing had been said, and then answered.
        let refused = await Answer(model.answer(Self.request("Hello")))
        #expect(refused.error == nil && refused.text == "Grüß dich, yes.", "\(refused)")
        #expect(emulators.openAI.counts.requests.count == 2)
        let text = try await Task {
            for try await case .text(let text) in model.answer(Self.request("Hello")) { return text }
            return ""
        }.value
        #expect(!text.isEmpty)
        // Whoever hangs up is not worked for: the proxy passes it on.
        for _ in 0..<500 where emulators.abandonedChats == 0 { try await Task.sleep(for: .milliseconds(20)) }
        #expect(emulators.abandonedChats == 1)
    }
}
