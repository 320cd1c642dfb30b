import AudioCore

/// Azure's recognition of a stream: one WebSocket per call, the leg's G.711 as it is.
package typealias AzureTranscriptionRecognizer = StreamingRecognizer<AzureTranscriptionConfiguration>

extension AzureTranscriptionConfiguration: StreamingVendor {
    package static let capabilities = RecognizerCapabilities(
        providesInterims: true, detectsEndOfTurn: false, isContinuous: true)

    package func makeSession(for leg: StreamingLeg) throws(SpeechError) -> any RecognitionSession {
        let head = AzureWaveHead.bytes(code: try waveCode(of: leg.format), sampleRate: leg.format.sampleRate)
        return leg.open(
            AzureTranscriptionDialect(
                self, sampleRate: leg.format.sampleRate, head: head, vocabulary: leg.vocabulary),
            request(connection: AzureMessage.identifier()))
    }
}
