import Agent
import AudioCore
import Codecs
import Speech
import Synchronization

/// Ears that take what they are given, as a vendor's do, and know only one sentence.
final class Ears: SpeechRecognizer, RecognitionSession {
    let capabilities = RecognizerCapabilities(providesInterims: false, detectsEndOfTurn: false, isContinuous: true)
    let inlet = SampleRing<UInt8>(minimumCapacity: 8000, silence: MuLaw.silence)
    /// Set once, by the only session.
    private let sink = Mutex<(@Sendable (RecognitionEvent) -> Void)?>(nil)

    func makeSession(
        format: AudioFormat, vocabulary: SpeechVocabulary, sink: @escaping @Sendable (RecognitionEvent) -> Void
    ) throws(SpeechError) -> any RecognitionSession {
        self.sink.withLock { $0 = sink }
        return self
    }

    func audioArrived() { inlet.skip(inlet.count) }
    func beginUtterance(_ id: UtteranceID, context: String) {}
    func finishUtterance(_ id: UtteranceID) {
        sink.withLock { $0 }?(.final(Transcript(utterance: id, text: "a table for two please", confidence: 0.9)))
    }
    func cancelUtterance(_ id: UtteranceID) {}
    func close() {}
}

/// A voice that has every sentence ready: a tone that lasts as long as the measurement.
final class Voice: SpeechSynthesizer, SynthesisSession {
    private let audio: [UInt8]

    /// - Parameter seconds: up to 60, the queue's length.
    init(seconds: Int) {
        let period = (0..<160).map { MuLaw.encode(Int16($0 < 80 ? 3000 : -3000)) }
        audio = (0..<seconds * 50).flatMap { _ in period }
    }

    func makeSession(voice: String, format: AudioFormat) async throws(SpeechError) -> any SynthesisSession { self }
    func synthesize(_ text: String) -> SynthesizedAudio { SynthesizedAudio(audio) }
    func close() {}
}

/// An agent that says the same sentence again and again.
struct Monologue: Dialogue {
    let language = DialogueLanguage()

    func reply(to input: DialogueInput) -> AsyncThrowingStream<DialogueOutput, any Error> {
        AsyncThrowingStream { continuation in
            continuation.yield(.say("A tone."))
            continuation.finish()
        }
    }

    func cutLastReply(toHeard heard: String) async {}
}
