package import AudioCore
package import Logging
package import Networking

/// Deepgram's live recognition (Nova, `/v1/listen`): one WebSocket per call, the leg's G.711 as it is.
///
/// Audio flows for the whole call; our own voice detector marks where utterances begin and end.
package struct DeepgramRecognizer: SpeechRecognizer {
    private let configuration: DeepgramConfiguration
    private let loop: EventLoop
    private let logger: Logger
    private let connected: @Sendable (Duration) -> Void
    private let sent: @Sendable (Duration) -> Void

    /// - Parameters:
    ///   - loop: serves the sockets; best the loop that serves the legs, else every frame costs a hop.
    ///   - connected: told how long a connection took.
    ///   - sent: told how much audio has been sent.
    package init(
        _ configuration: DeepgramConfiguration, loop: EventLoop, logger: Logger,
        connected: @escaping @Sendable (Duration) -> Void = { _ in },
        sent: @escaping @Sendable (Duration) -> Void = { _ in }
    ) {
        self.configuration = configuration
        self.loop = loop
        self.logger = logger
        self.connected = connected
        self.sent = sent
    }

    package var capabilities: RecognizerCapabilities {
        RecognizerCapabilities(providesInterims: true, detectsEndOfTurn: false, isContinuous: true)
    }

    package func makeSession(
        format: AudioFormat, vocabulary: SpeechVocabulary, sink: @escaping @Sendable (RecognitionEvent) -> Void
    ) throws(SpeechError) -> any RecognitionSession {
        let request = try configuration.request(format: format, vocabulary: vocabulary)
        let session = StreamingRecognitionSession(
            DeepgramDialect(configuration), request: request, sampleRate: format.sampleRate, loop: loop, logger: logger,
            connected: connected, sent: sent, sink: sink)
        session.start()
        return session
    }
}
