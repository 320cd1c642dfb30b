/// Deepgram's live recognition (Nova, `/v1/listen`): one WebSocket per call, the leg's G.711 as it is.
package typealias DeepgramRecognizer = StreamingRecognizer<DeepgramConfiguration>

extension DeepgramConfiguration: StreamingVendor {
    package static let capabilities = RecognizerCapabilities(
        providesInterims: true, detectsEndOfTurn: false, isContinuous: true)

    package func makeSession(for leg: StreamingLeg) throws(SpeechError) -> any RecognitionSession {
        leg.open(DeepgramDialect(self), try request(format: leg.format, vocabulary: leg.vocabulary))
    }
}
