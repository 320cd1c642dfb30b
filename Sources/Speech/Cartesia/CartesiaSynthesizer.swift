package import AudioCore
package import Logging
package import Networking

/// Cartesia over its WebSocket: one warm socket per call, a context per text, the leg's own format.
package struct CartesiaSynthesizer: SpeechSynthesizer {
    private let configuration: CartesiaConfiguration
    private let loop: EventLoop
    private let logger: Logger
    private let noted: @Sendable (ProviderEvent) -> Void

    /// - Parameters:
    ///   - loop: serves the sockets.
    ///   - noted: told of messages that cannot be read; on the loop.
    package init(
        _ configuration: CartesiaConfiguration, loop: EventLoop, logger: Logger,
        noted: @escaping @Sendable (ProviderEvent) -> Void = { _ in }
    ) {
        self.noted = noted
        self.configuration = configuration
        self.loop = loop
        self.logger = logger
    }

    /// Returns once the socket is open, so that a wrong key is known before the first word.
    package func makeSession(voice: String, format: AudioFormat) async throws(SpeechError) -> any SynthesisSession {
        let session = ContextSynthesisSession(
            try CartesiaDialect(configuration, voice: voice, format: format), request: configuration.request,
            format: format, loop: loop, logger: logger, noted: noted)
        if let error = await session.open() { throw error }
        return session
    }
}
