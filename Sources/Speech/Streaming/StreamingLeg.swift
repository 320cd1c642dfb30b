import AudioCore
import Logging
import Networking

/// One leg that a vendor is to hear, and who is told of it.
package struct StreamingLeg: Sendable {
    let format: AudioFormat
    let vocabulary: SpeechVocabulary
    let loop: EventLoop
    let logger: Logger
    let noted: @Sendable (ProviderEvent) -> Void
    let sent: @Sendable (Duration) -> Void
    let sink: @Sendable (RecognitionEvent) -> Void

    /// Begins to hear it in `dialect`, on the connection that `request` opens.
    func open(_ dialect: some StreamingDialect, _ request: WebSocketRequest) -> any RecognitionSession {
        let session = StreamingRecognitionSession(
            dialect, request: request, sampleRate: format.sampleRate, loop: loop, logger: logger, noted: noted,
            sent: sent, sink: sink)
        session.start()
        return session
    }
}
