import Agent
import Emulators
import Logging
import Networking
import Testing

/// A protocol of language models, its client and its emulator.
enum EmulatedModel: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case chat = "chat completions"
    case responses = "Responses"
    case anthropic = "Messages"
    case gemini = "Gemini"

    var testDescription: String { rawValue }

    /// Events before the first one with text.
    var preamble: Int {
        switch self {
        case .chat: 1
        case .responses: 4
        case .anthropic: 3
        case .gemini: 0
        }
    }

    /// The vendor's word for too many requests.
    var busy: String {
        switch self {
        case .chat, .responses: "rate_limit_exceeded"
        case .anthropic: "rate_limit_error"
        case .gemini: "RESOURCE_EXHAUSTED"
        }
    }

    /// The vendor's word for a request that is wrong.
    var invalid: String {
        switch self {
        case .chat, .responses, .anthropic: "invalid_request_error"
        case .gemini: "INVALID_ARGUMENT"
        }
    }

    /// Runs `body` with the client of this protocol, which talks to its emulator over a socket.
    ///
    /// - Parameter dialect: of chat completions.
    func serve<Result>(
        _ configuration: ModelEmulatorConfiguration, key: String = "emulated",
        dialect: OpenAIChatEmulatorConfiguration.Dialect = [],
        _ body: (EmulatorFleet, any LanguageModel) async throws -> Result
    ) async throws -> Result {
        var fleet = EmulatorFleet.Configuration()
        fleet.openAI = OpenAIChatEmulatorConfiguration(
            firstTokenDelay: configuration.firstTokenDelay, tokenDelay: configuration.tokenDelay,
            dialect: configuration.packetSize == nil ? dialect : dialect.union(.smallPackets),
            faults: configuration.faults,
            script: configuration.script)
        fleet.openAIResponses = configuration
        fleet.anthropic = configuration
        fleet.gemini = configuration
        let emulators = EmulatorFleet(fleet, logger: Logger(label: "test"))
        let client = HTTPClient(configuration: HTTPClientConfiguration(proxy: .none), logger: Logger(label: "test"))
        let addresses = try await emulators.start()
        do {
            let result = try await body(emulators, model(addresses, key: key, client))
            await client.shutdown()
            await emulators.shutdown()
            return result
        } catch {
            await client.shutdown()
            await emulators.shutdown()
            throw error
        }
    }

    /// Requests that came to this protocol's emulator.
    func requests(_ fleet: EmulatorFleet) -> Int {
        switch self {
        case .chat: fleet.openAI.counts.requests.count
        case .responses: fleet.openAIResponses.counts.requests.count
        case .anthropic: fleet.anthropic.counts.requests.count
        case .gemini: fleet.gemini.counts.requests.count
        }
    }

    private func model(
        _ addresses: EmulatorFleet.Addresses, key: String, _ client: HTTPClient
    ) -> any LanguageModel {
        switch self {
        case .chat:
            OpenAIChatModel(
                configuration: OpenAIChatConfiguration(baseURL: addresses.openAI, model: "m", apiKey: key),
                client: client)
        case .responses:
            OpenAIResponsesModel(
                configuration: OpenAIResponsesConfiguration(baseURL: addresses.openAI, model: "m", apiKey: key),
                client: client)
        case .anthropic:
            AnthropicModel(
                configuration: AnthropicConfiguration(baseURL: addresses.anthropic, model: "m", apiKey: key),
                client: client)
        case .gemini:
            GeminiModel(
                configuration: GeminiConfiguration(baseURL: addresses.gemini, model: "m", apiKey: key), client: client)
        }
    }
}
