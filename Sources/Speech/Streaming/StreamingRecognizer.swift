package import AudioCore
package import Logging
package import Networking

/// A vendor that hears a stream: one WebSocket per call, the leg's own encoding as it is.
///
/// Our own voice detector marks where utterances begin and end; a vendor's opinion of the end of a turn comes as
/// ``RecognitionEvent/endOfTurn(_:probability:)``.
package struct StreamingRecognizer<Vendor: StreamingVendor>: SpeechRecognizer {
    private let vendor: Vendor
    private let loop: EventLoop
    private let logger: Logger
    private let noted: @Sendable (ProviderEvent) -> Void
    private let sent: @Sendable (Duration) -> Void

    /// - Parameters:
    ///   - loop: serves the sockets; best the loop that serves the legs, else every frame costs a hop.
    ///   - noted: told how long a connection took, and of messages that cannot be read; on the loop.
    ///   - sent: told how much audio has been sent.
    package init(
        _ vendor: Vendor, loop: EventLoop, logger: Logger,
        noted: @escaping @Sendable (ProviderEvent) -> Void = { _ in },
        sent: @escaping @Sendable (Duration) -> Void = { _ in }
    ) {
        self.vendor = vendor
        self.loop = loop
        self.logger = logger
        self.noted = noted
        self.sent = sent
    }

    package var capabilities: RecognizerCapabilities { Vendor.capabilities }

    package func makeSession(
        format: AudioFormat, vocabulary: SpeechVocabulary, sink: @escaping @Sendable (RecognitionEvent) -> Void
    ) throws(SpeechError) -> any RecognitionSession {
        try vendor.makeSession(
            for: StreamingLeg(
                format: format, vocabulary: vocabulary, loop: loop, logger: logger, noted: noted, sent: sent,
                sink: sink))
    }
}
