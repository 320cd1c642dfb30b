package import AudioCore
package import Logging
package import Networking

/// ElevenLabs' Scribe in real time: one WebSocket per call, utterances in the leg's µ-law, each committed at its end.
package struct ScribeRecognizer: SpeechRecognizer {
    private let configuration: ScribeConfiguration
    private let loop: EventLoop
    private let logger: Logger
    private let connected: @Sendable (Duration) -> Void
    private let sent: @Sendable (Duration) -> Void

    /// - Parameters:
    ///   - loop: serves the sockets; best the loop that serves the legs, else every frame costs a hop.
    ///   - connected: told how long a connection took.
    ///   - sent: told how much audio has been sent.
    package init(
        _ configuration: ScribeConfiguration, loop: EventLoop, logger: Logger,
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
        RecognizerCapabilities(providesInterims: true, detectsEndOfTurn: false, isContinuous: false)
    }

    package func makeSession(
        format: AudioFormat, vocabulary: SpeechVocabulary, sink: @escaping @Sendable (RecognitionEvent) -> Void
    ) throws(SpeechError) -> any RecognitionSession {
        let session = StreamingRecognitionSession(
            ScribeDialect(configuration),
            request: try configuration.request(format: format, vocabulary: vocabulary),
            sampleRate: format.sampleRate, loop: loop, logger: logger, connected: connected, sent: sent, sink: sink)
        session.start()
        return session
    }
}
