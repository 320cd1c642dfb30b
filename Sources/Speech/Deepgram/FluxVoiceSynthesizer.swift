package import AudioCore
package import Logging
package import Networking

/// Deepgram's Flux TTS over its socket: one warm socket per call, a turn per text, the leg's own format.
package struct FluxVoiceSynthesizer: SpeechSynthesizer {
    private let configuration: FluxVoiceConfiguration
    private let loop: EventLoop
    private let logger: Logger
    private let noted: @Sendable (ProviderEvent) -> Void

    /// - Parameters:
    ///   - loop: serves the sockets.
    ///   - noted: told of messages that cannot be read; on the loop.
    package init(
        _ configuration: FluxVoiceConfiguration, loop: EventLoop, logger: Logger,
        noted: @escaping @Sendable (ProviderEvent) -> Void = { _ in }
    ) {
        self.noted = noted
        self.configuration = configuration
        self.loop = loop
        self.logger = logger
    }

    /// Returns once the socket is open, so that a wrong key is known before the first word.
    package func makeSession(voice: String, format: AudioFormat) async throws(SpeechError) -> any SynthesisSession {
        let request = try configuration.request(voice: voice, format: format)
        let session = ContextSynthesisSession(
            FluxVoiceDialect(configuration, format: format), request: request, format: format,
            loop: loop, logger: logger, noted: noted)
        if let error = await session.open() { throw error }
        return session
    }
}
