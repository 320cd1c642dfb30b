/// Cartesia's recognition that tells ends of turns (Ink): one WebSocket per call, the leg's G.711 as it is.
package typealias InkRecognizer = StreamingRecognizer<InkConfiguration>

extension InkConfiguration: StreamingVendor {
    package static let capabilities = RecognizerCapabilities(
        providesInterims: true, detectsEndOfTurn: true, isContinuous: true)

    package func makeSession(for leg: StreamingLeg) throws(SpeechError) -> any RecognitionSession {
        leg.open(InkDialect(self), try request(format: leg.format, vocabulary: leg.vocabulary))
    }
}
