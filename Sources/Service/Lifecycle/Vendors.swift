import Agent
import Logging
import Networking
import Speech

/// The connections to remote vendors: a call's sockets on the loop of its leg, so that a frame passes without a hop, and
/// one client for all HTTP.
final class Vendors: Sendable {
    private let providers: [String: ParleyConfiguration.Provider]
    /// What the accounts bear, by provider name, where the configuration says so.
    private let gates: [String: AccountGate]
    let client: HTTPClient
    /// Of the models that hear and speak.
    let conversations = RealtimeCounters()
    let logger: Logger

    init(_ configuration: ParleyConfiguration, logger: Logger) {
        providers = configuration.providers
        gates = configuration.providers.reduce(into: [:]) { gates, entry in
            let (name, provider) = entry
            guard provider.maxStreams != nil || provider.requestsPerSecond != nil else { return }
            gates[name] = AccountGate(
                name,
                AccountLimit.Settings(streams: provider.maxStreams, requestsPerSecond: provider.requestsPerSecond))
        }
        self.logger = logger
        client = HTTPClient(logger: logger)
    }

    /// The language models, by provider name.
    var models: [String: any LanguageModel] {
        unlimitedModels.reduce(into: [:]) { models, entry in
            models[entry.key] = gates[entry.key].map { LimitedModel(model: entry.value, gate: $0) } ?? entry.value
        }
    }

    /// The same for those who enter by the ``gate(_:)`` themselves.
    var unlimitedModels: [String: any LanguageModel] { providers.compactMapValues { model($0) } }

    /// Whether a recognizer of that name is one stream for a call, not a request for an utterance.
    func hearsStreams(_ name: String) -> Bool { providers[name]?.kind != .openAITranscription }

    func gate(_ name: String) -> AccountGate? { gates[name] }

    /// What operators watch of the limits.
    var limitSamples: [PrometheusSample] {
        gates.values.sorted { $0.provider < $1.provider }.flatMap { gate in
            let dimensions = [("provider", gate.provider)]
            return [
                PrometheusSample.gauge("parley_provider_in_use", gate.inUse, dimensions: dimensions),
                .counter("parley_provider_waits_total", gate.waitedCount, dimensions: dimensions),
                .counter("parley_provider_limited_total", gate.refusedCount, dimensions: dimensions),
            ]
        }
    }

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
        case .openAISpeechToSpeech, .geminiLive: return CallOnlyModel(provider: url)
        case .elevenLabsScribe, .cartesiaInk, .soniox, .speechmatics, .azureTranscription, .elevenLabsHTTP, .rime,
            .deepgramFluxVoice,
            .azureSpeech, .googleSpeech, .deepgram, .deepgramFlux, .assemblyai, .openAIRealtime, .openAITranscription,
            .elevenlabs, .cartesia,
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
