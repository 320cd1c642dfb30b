import Agent
import Logging
import Networking
import Speech

/// The connections to remote vendors: a call's sockets on the loop of its leg, so that a frame passes without a hop, and
/// one client for all HTTP.
final class Vendors: Sendable {
    private let providers: [String: ParleyConfiguration.Provider]
    let client: HTTPClient
    private let logger: Logger

    init(_ configuration: ParleyConfiguration, logger: Logger) {
        providers = configuration.providers
        self.logger = logger
        client = HTTPClient(logger: logger)
    }

    /// A vendor's ears for the calls of a loop.
    func recognizer(_ name: String) throws -> @Sendable (EventLoop) -> any SpeechRecognizer {
        let (provider, logger) = (try provider(name), logger)
        switch provider.kind {
        case .deepgram:
            let configuration = DeepgramConfiguration(
                url: provider.socketURL, apiKey: provider.apiKey?.value ?? "", model: provider.model ?? "nova-3",
                language: provider.language ?? "en")
            return { DeepgramRecognizer(configuration, loop: $0, logger: logger) }
        case .elevenlabs, .openai, .openAIResponses, .anthropic, .gemini:
            throw VendorError(provider: name, reason: "a vendor of this kind does not recognize speech here")
        }
    }

    /// A vendor's voice for the calls of a loop.
    func synthesizer(_ name: String) throws -> @Sendable (EventLoop) -> any SpeechSynthesizer {
        let (provider, logger) = (try provider(name), logger)
        switch provider.kind {
        case .elevenlabs:
            let configuration = ElevenLabsConfiguration(
                url: provider.socketURL, apiKey: provider.apiKey?.value ?? "",
                model: provider.model ?? "eleven_flash_v2_5", voice: provider.voice ?? "21m00Tcm4TlvDq8ikWAM")
            return { ElevenLabsSynthesizer(configuration, loop: $0, logger: logger) }
        case .deepgram, .openai, .openAIResponses, .anthropic, .gemini:
            throw VendorError(provider: name, reason: "a vendor of this kind does not synthesise speech here")
        }
    }

    /// The language models, by provider name.
    var models: [String: any LanguageModel] { providers.compactMapValues(model) }

    private func model(_ provider: ParleyConfiguration.Provider) -> (any LanguageModel)? {
        let (url, model, effort) = (provider.baseURL, provider.model ?? "", provider.effort)
        let key = provider.apiKey?.value ?? ""
        switch provider.kind {
        case .deepgram, .elevenlabs: return nil
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
        }
    }

    func close() async {
        await client.shutdown()
    }

    private func provider(_ name: String) throws -> ParleyConfiguration.Provider {
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

extension ParleyConfiguration.Provider {
    /// ``baseURL`` as WebSockets want it.
    fileprivate var socketURL: String { baseURL.hasPrefix("http") ? "ws" + baseURL.dropFirst(4) : baseURL }
}
