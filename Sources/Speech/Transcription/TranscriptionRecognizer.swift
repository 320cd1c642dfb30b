package import AudioCore
package import Networking

/// A recognizer that hears whole utterances, cut by our own voice detector: OpenAI's `/v1/audio/transcriptions` and the many
/// servers that speak it.
package struct TranscriptionRecognizer: SpeechRecognizer {
    private let configuration: TranscriptionConfiguration
    private let client: HTTPClient
    private let gate: AccountGate?
    private let sent: @Sendable (Duration) -> Void

    /// - Parameters:
    ///   - gate: what the account bears at a time; each utterance is a request.
    ///   - sent: told how much audio has been sent.
    package init(
        _ configuration: TranscriptionConfiguration, client: HTTPClient, gate: AccountGate? = nil,
        sent: @escaping @Sendable (Duration) -> Void = { _ in }
    ) {
        self.configuration = configuration
        self.client = client
        self.gate = gate
        self.sent = sent
    }

    package var capabilities: RecognizerCapabilities {
        RecognizerCapabilities(providesInterims: false, detectsEndOfTurn: false, isContinuous: false)
    }

    package func makeSession(
        format: AudioFormat, vocabulary: SpeechVocabulary, sink: @escaping @Sendable (RecognitionEvent) -> Void
    ) throws(SpeechError) -> any RecognitionSession {
        guard format == .telephone else {
            throw SpeechError(
                .refused, operation: TranscriptionConfiguration.operation,
                provider: TranscriptionConfiguration.provider,
                detail: "cannot hear \(format); it hears \(AudioFormat.telephone)")
        }
        return TranscriptionSession(configuration, client: client, gate: gate, sent: sent, sink: sink)
    }
}
