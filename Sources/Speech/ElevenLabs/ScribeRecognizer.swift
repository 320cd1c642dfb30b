/// ElevenLabs' Scribe in real time: one WebSocket per call, utterances in the leg's µ-law, each committed at its end.
package typealias ScribeRecognizer = StreamingRecognizer<ScribeConfiguration>

extension ScribeConfiguration: StreamingVendor {
    package static let capabilities = RecognizerCapabilities(
        providesInterims: true, detectsEndOfTurn: false, isContinuous: false)

    package func makeSession(for leg: StreamingLeg) throws(SpeechError) -> any RecognitionSession {
        leg.open(ScribeDialect(self), try request(format: leg.format, vocabulary: leg.vocabulary))
    }
}
