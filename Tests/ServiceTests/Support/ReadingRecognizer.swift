import AudioCore
import Networking
import Speech

/// Reads what ``SpokenClip`` wrote. At once, and without models, which take minutes to build in a debug binary.
struct ReadingRecognizer: SpeechRecognizer {
    /// What it makes of speech that nobody wrote anything into; nil hears nothing.
    var unreadable: String?
    let capabilities = RecognizerCapabilities(providesInterims: false, detectsEndOfTurn: false, isContinuous: true)

    func makeSession(
        format: AudioFormat, vocabulary: SpeechVocabulary, sink: @escaping @Sendable (RecognitionEvent) -> Void
    ) throws(SpeechError) -> any RecognitionSession {
        Session(unreadable: unreadable, sink: sink)
    }

    private final class Session: RecognitionSession {
        let inlet = SampleRing<UInt8>(minimumCapacity: 16_000, silence: 0xFF)
        private let unreadable: String?
        private let sink: @Sendable (RecognitionEvent) -> Void
        private let audio = Lock<[UInt8]>([])

        init(unreadable: String?, sink: @escaping @Sendable (RecognitionEvent) -> Void) {
            self.unreadable = unreadable
            self.sink = sink
        }

        func audioArrived() {
            var piece = [UInt8](repeating: 0, count: inlet.count)
            var span = piece.mutableSpan
            let count = inlet.read(into: &span)
            audio.withLock { $0 = ($0 + piece.prefix(count)).suffix(80_000) }
        }

        func beginUtterance(_ id: UtteranceID, context: String) {}

        func finishUtterance(_ id: UtteranceID) {
            let heard = audio.withLock { audio in
                defer { audio = [] }
                return audio
            }
            guard let words = SpokenClip.words(in: heard) ?? unreadable else { return sink(.nothingHeard(id)) }
            sink(.final(Transcript(utterance: id, text: words, confidence: 0.97)))
        }

        func cancelUtterance(_ id: UtteranceID) {}
        func close() {}
    }
}
