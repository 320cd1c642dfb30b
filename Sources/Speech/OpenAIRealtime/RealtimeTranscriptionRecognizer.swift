/// OpenAI's realtime transcription: one WebSocket per call, utterances in the leg's own encoding.
package typealias RealtimeTranscriptionRecognizer = StreamingRecognizer<RealtimeTranscriptionConfiguration>

extension RealtimeTranscriptionConfiguration: StreamingVendor {
    package static let capabilities = RecognizerCapabilities(
        providesInterims: false, detectsEndOfTurn: false, isContinuous: false)

    package func makeSession(for leg: StreamingLeg) throws(SpeechError) -> any RecognitionSession {
        leg.open(try RealtimeDialect(self, format: leg.format), request)
    }
}
