/// Deepgram's turn-aware recognition (Flux, `/v2/listen`): one WebSocket per call, the leg's G.711 as it is.
package typealias FluxRecognizer = StreamingRecognizer<FluxConfiguration>

extension FluxConfiguration: StreamingVendor {
    package static let capabilities = RecognizerCapabilities(
        providesInterims: true, detectsEndOfTurn: true, isContinuous: true)

    package func makeSession(for leg: StreamingLeg) throws(SpeechError) -> any RecognitionSession {
        leg.open(FluxDialect(self), try request(format: leg.format, vocabulary: leg.vocabulary))
    }
}
