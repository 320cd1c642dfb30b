package import AudioCore

/// A recognizer whose account bears only so many streams at a time. Ears do not wait: where there is no room the next
/// recognizer of the chain hears the caller at once, and this one is asked again with the first utterance for which there is.
package struct LimitedRecognizer: SpeechRecognizer {
    private let recognizer: any SpeechRecognizer
    private let gate: AccountGate

    package init(_ recognizer: any SpeechRecognizer, gate: AccountGate) {
        self.recognizer = recognizer
        self.gate = gate
    }

    package var capabilities: RecognizerCapabilities { recognizer.capabilities }
    package var hasRoom: Bool { gate.hasRoom }

    package func makeSession(
        format: AudioFormat, vocabulary: SpeechVocabulary, sink: @escaping @Sendable (RecognitionEvent) -> Void
    ) throws(SpeechError) -> any RecognitionSession {
        guard let permit = gate.tryEnter() else { throw gate.error("recognize") }
        let session = try recognizer.makeSession(format: format, vocabulary: vocabulary, sink: sink)
        return LimitedRecognitionSession(session, permit: permit)
    }
}

/// One call's stream: its place is free again when it is closed.
private final class LimitedRecognitionSession: RecognitionSession {
    private let session: any RecognitionSession
    private let permit: AccountGate.Permit

    init(_ session: any RecognitionSession, permit: AccountGate.Permit) {
        self.session = session
        self.permit = permit
    }

    var inlet: SampleRing<UInt8> { session.inlet }

    func audioArrived() { session.audioArrived() }
    func beginUtterance(_ id: UtteranceID, context: String) { session.beginUtterance(id, context: context) }
    func pauseUtterance(_ id: UtteranceID) { session.pauseUtterance(id) }
    func resumeUtterance(_ id: UtteranceID) { session.resumeUtterance(id) }
    func finishUtterance(_ id: UtteranceID) { session.finishUtterance(id) }
    func cancelUtterance(_ id: UtteranceID) { session.cancelUtterance(id) }

    func close() {
        session.close()
        permit.giveBack()
    }
}
