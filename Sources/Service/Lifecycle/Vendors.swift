import Agent
import Logging
import Networking
import Speech

/// The connections to remote vendors: a call's sockets on the loop of its leg, so that a frame passes without a hop, and
/// one client for all HTTP.
final class Vendors: Sendable {
    private let providers: [String: ParleyConfiguration.Provider]
    let client: HTTPClient
    /// Of the models that hear and speak.
    let conversations = RealtimeCounters()
    let logger: Logger

    init(_ configuration: ParleyConfiguration, logger: Logger) {
        providers = configuration.providers
        self.logger = logger
        client = HTTPClient(logger: logger)
    }

    /// The language models, by provider name.
    var models: [String: any LanguageModel] { providers.compactMapValues(model) }

    private func model(_ provider: ParleyConfiguration.Provider) -> (any LanguageModel)? {
        let (url, model, effort) = (provider.baseURL, provider.model ?? "", provider.effort)
        let key = provider.apiKey?.value ?? ""
        switch provider.kind {
        case .openai:
            return OpenAIChatModel(
                configuration: OpenAIChatConfiguration(baseURL: url, model: model, apiKey: key, effort: effort),
                client: client)
        case .openAIResponses:
            return OpenAIResponsesModel(
                configuration: OpenAIResponsesConfiguration(baseURL: url, model: model, apiKey: key, effort: effort),
                client: client)
        case .anthropic:
            return AnthropicModel(
                configuration: AnthropicConfiguration(baseURL: url, model: model, apiKey: key, effort: effort),
                client: client)
        case .gemini:
            return GeminiModel(
                configuration: GeminiConfiguration(baseURL: url, model: model, apiKey: key, effort: effort),
                client: client)
        case .openAISpeechToSpeech: return CallOnlyModel(provider: url)
        case .deepgram, .deepgramFlux, .assemblyai, .openAIRealtime, .openAITranscription, .elevenlabs, .cartesia,
            .openAISpeech, .openAIEmbeddings:
            return nil
        }
    }

    func close() async {
        await client.shutdown()
    }

    func provider(_ name: String) throws -> ParleyConfiguration.Provider {
        guard let provider = providers[name] else {
            throw VendorError(provider: name, reason: "there is no provider of that name under `providers`")
        }
        return provider
    }
}

/// Why a configured vendor cannot be used.
struct VendorError: Error, CustomStringConvertible {
    let provider: String
    let reason: String
    var description: String { "provider \(provider): \(reason)" }
}
