/// Soniox' recognition in real time: one WebSocket per call, the leg's G.711 as it is.
package typealias SonioxRecognizer = StreamingRecognizer<SonioxConfiguration>

extension SonioxConfiguration: StreamingVendor {
    package static let capabilities = RecognizerCapabilities(
        providesInterims: true, detectsEndOfTurn: true, isContinuous: true)

    package func makeSession(for leg: StreamingLeg) throws(SpeechError) -> any RecognitionSession {
        leg.open(
            SonioxDialect(self, format: try audio(of: leg.format), vocabulary: leg.vocabulary), request)
    }
}
