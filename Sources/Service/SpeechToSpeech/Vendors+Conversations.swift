import Agent
import Logging
import Networking
import Speech
import Synchronization

/// Models that hear and speak, by provider name.
extension Vendors {
    /// A vendor's connection for one call on a loop; it is not opened yet.
    ///
    /// - Parameters:
    ///   - model: the agent's own choice; nil takes the provider's, else the adapter's.
    ///   - connected: told how long a connection took.
    func conversation(
        _ name: String, model: String? = nil, connected: @escaping @Sendable (Duration) -> Void = { _ in }
    ) throws -> @Sendable (EventLoop, Logger) -> ConversingCall {
        let (provider, counters) = (try provider(name), conversations)
        guard provider.kind.converses else {
            throw VendorError(provider: name, reason: "a vendor of this kind does not hear and speak by itself")
        }
        let url = provider.baseURL
        let call: @Sendable (EventLoop, Logger) -> RealtimeCall
        switch provider.kind {
        case .geminiLive:
            var configuration = GeminiLiveConfiguration(
                url: provider.socketURL, apiKey: provider.apiKey?.value ?? "")
            if let model = model ?? provider.model { configuration.model = model }
            configuration.effort = provider.effort
            if let voice = provider.voice { configuration.voice = voice }
            let chosen = configuration
            call = { chosen.call(loop: $0, counters: counters, logger: $1, connected: connected) }
        default:
            var configuration = RealtimeConversationConfiguration(
                url: provider.socketURL, apiKey: provider.apiKey?.value ?? "", language: provider.language ?? "en")
            if let model = model ?? provider.model { configuration.model = model }
            configuration.effort = provider.effort
            if let voice = provider.voice { configuration.voice = voice }
            let chosen = configuration
            call = { chosen.call(loop: $0, counters: counters, logger: $1, connected: connected) }
        }
        return { ConversingCall(call: call($0, $1), provider: name, url: url) }
    }

    /// What operators watch of them.
    var conversationSamples: [PrometheusSample] {
        let counts = conversations
        return [
            .counter(
                "parley_speech_to_speech_connections_lost_total", counts.connectionsLost.load(ordering: .relaxed)),
            .counter("parley_speech_to_speech_unreadable_total", counts.unreadable.load(ordering: .relaxed)),
            .counter("parley_speech_to_speech_late_deltas_total", counts.lateDeltas.load(ordering: .relaxed)),
            .counter("parley_speech_to_speech_overlong_total", counts.overlong.load(ordering: .relaxed)),
            .counter("parley_speech_to_speech_complaints_total", counts.complaints.load(ordering: .relaxed)),
            .counter("parley_speech_to_speech_truncations_total", counts.truncations.load(ordering: .relaxed)),
        ]
    }
}

/// One call's connection to a model that hears and speaks: its ears, its mind and its voice in one.
struct ConversingCall: Sendable {
    let call: RealtimeCall
    /// The provider's name in the configuration.
    let provider: String
    /// The vendor's base address.
    let url: String

    var recognizer: any SpeechRecognizer { RealtimeRecognizer(call) }
    var model: any LanguageModel { RealtimeModel(call: call, provider: url) }

    /// - Parameter other: says what the model does not.
    func synthesizer(over other: any SpeechSynthesizer) -> any SpeechSynthesizer {
        RealtimeSynthesizer(call, over: other)
    }
}
