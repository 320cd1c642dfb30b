/// Speechmatics' recognition in real time (v2): one WebSocket per call, the leg's µ-law as it is.
package typealias SpeechmaticsRecognizer = StreamingRecognizer<SpeechmaticsConfiguration>

extension SpeechmaticsConfiguration: StreamingVendor {
    package static let capabilities = RecognizerCapabilities(
        providesInterims: true, detectsEndOfTurn: true, isContinuous: true)

    package func makeSession(for leg: StreamingLeg) throws(SpeechError) -> any RecognitionSession {
        leg.open(
            try SpeechmaticsDialect(self, format: leg.format, vocabulary: leg.vocabulary), request)
    }
}
