package import AudioCore
package import Logging
package import Networking

/// Rime over its JSON WebSocket: one warm socket per call, one text after the other, µ-law as it is.
package struct RimeSynthesizer: SpeechSynthesizer {
    private let configuration: RimeConfiguration
    private let loop: EventLoop
    private let logger: Logger
    private let noted: @Sendable (ProviderEvent) -> Void

    /// - Parameters:
    ///   - loop: serves the sockets.
    ///   - noted: told of messages that cannot be read; on the loop.
    package init(
        _ configuration: RimeConfiguration, loop: EventLoop, logger: Logger,
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
            RimeDialect(configuration), request: request, format: format, loop: loop,
            logger: logger, noted: noted)
        if let error = await session.open() { throw error }
        return session
    }
}
