package import AudioCore
package import Logging
package import Networking

/// ElevenLabs over its multi-context WebSocket: one warm socket per call, a context per text, the leg's own format.
package struct ElevenLabsSynthesizer: SpeechSynthesizer {
    private let configuration: ElevenLabsConfiguration
    private let loop: EventLoop
    private let logger: Logger

    /// - Parameter loop: serves the sockets.
    package init(_ configuration: ElevenLabsConfiguration, loop: EventLoop, logger: Logger) {
        self.configuration = configuration
        self.loop = loop
        self.logger = logger
    }

    /// Returns once the socket is open, so that a wrong key is known before the first word.
    package func makeSession(voice: String, format: AudioFormat) async throws(SpeechError) -> any SynthesisSession {
        let request = try configuration.request(voice: voice, format: format)
        let session = ContextSynthesisSession(
            ElevenLabsDialect(configuration), request: request, sampleBytes: format.bytesPerSample, loop: loop,
            logger: logger)
        if let error = await session.open() { throw error }
        return session
    }
}
