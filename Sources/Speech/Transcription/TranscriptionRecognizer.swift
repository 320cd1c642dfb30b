package import AudioCore
package import Networking

/// A recognizer that hears whole utterances, cut by our own voice detector: OpenAI's `/v1/audio/transcriptions` and the many
/// servers that speak it.
package struct TranscriptionRecognizer: SpeechRecognizer {
    private let configuration: TranscriptionConfiguration
    private let client: HTTPClient

    package init(_ configuration: TranscriptionConfiguration, client: HTTPClient) {
        self.configuration = configuration
        self.client = client
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
        return TranscriptionSession(configuration, client: client, sink: sink)
    }
}
