/// ElevenLabs' messages on the multi-context socket.
struct ElevenLabsDialect: ContextVoiceDialect {
    private let configuration: ElevenLabsConfiguration

    init(_ configuration: ElevenLabsConfiguration) { self.configuration = configuration }

    let provider = ElevenLabsConfiguration.provider
    let operation = ElevenLabsConfiguration.operation
    var keepAlive: String? { ElevenLabsText.keepAlive }
    var keepAliveInterval: Duration { configuration.keepAliveInterval }
    var farewell: String? { ElevenLabsText.closeSocket }

    var contexts: SpeechContexts.Settings {
        var settings = SpeechContexts.Settings()
        settings.connectDeadline = configuration.connectDeadline
        settings.firstAudioDeadline = configuration.firstAudioDeadline
        settings.chunkDeadline = configuration.chunkDeadline
        // The vendor allows five; one is kept free for what it counts differently.
        settings.maximumLive = 4
        settings.provider = provider
        return settings
    }

    func messages(context: String, text: String) -> [[UInt8]] {
        let settings = ElevenLabsText.Settings(
            stability: configuration.stability, similarity: configuration.similarity, speed: configuration.speed)
        return ElevenLabsText.messages(context: context, text: text, settings: settings)
    }

    /// A text is closed as soon as it is sent, and what was released is finished all the same.
    func cancellation(context: String, now: Duration) -> [UInt8]? { nil }

    func read(_ bytes: Span<UInt8>) throws -> ContextVoiceMessage { try ElevenLabsMessage.read(bytes) }
}
