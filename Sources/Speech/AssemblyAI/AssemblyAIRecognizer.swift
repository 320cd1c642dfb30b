/// AssemblyAI's Universal-Streaming (v3): one WebSocket per call, the leg's µ-law as it is.
package typealias AssemblyAIRecognizer = StreamingRecognizer<AssemblyAIConfiguration>

extension AssemblyAIConfiguration: StreamingVendor {
    package static let capabilities = RecognizerCapabilities(
        providesInterims: true, detectsEndOfTurn: true, isContinuous: true)

    package func makeSession(for leg: StreamingLeg) throws(SpeechError) -> any RecognitionSession {
        leg.open(AssemblyAIDialect(self), try request(format: leg.format, vocabulary: leg.vocabulary))
    }
}
