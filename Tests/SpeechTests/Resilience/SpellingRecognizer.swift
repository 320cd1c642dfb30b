import AudioCore
import Networking
import Speech

/// Hears every 160 bytes of the same value as a word, the value's number: what it says is what it was given.
///
/// A session is lost after so many bytes, if that is wanted; a mute one takes audio and says nothing.
final class SpellingRecognizer: SpeechRecognizer {
    enum Fault: Sendable {
        /// The session is lost after so many bytes.
        case lost(after: Int, SpeechError.Code)
        /// Utterances fail at their end.
        case failsUtterances
        case mute
        case cannotOpen
    }

    /// Of the first session, the second …; those after the last have none.
    private let faults: [Fault?]
    private let inletCapacity: Int
    private let sessions = Lock(0)

    init(faults: [Fault?] = [], inletCapacity: Int = 8000) {
        self.faults = faults
        self.inletCapacity = inletCapacity
    }

    /// Sessions opened.
    var sessionCount: Int { sessions.withLock { $0 } }

    var capabilities: RecognizerCapabilities {
        RecognizerCapabilities(providesInterims: false, detectsEndOfTurn: false, isContinuous: true)
    }

    func makeSession(
        format: AudioFormat, vocabulary: SpeechVocabulary, sink: @escaping @Sendable (RecognitionEvent) -> Void
    ) throws(SpeechError) -> any RecognitionSession {
        let number = sessions.withLock { count in
            count += 1
            return count - 1
        }
        let fault = faults.indices.contains(number) ? faults[number] : nil
        if case .cannotOpen = fault { throw Self.error(.refused) }
        return Session(fault: fault, inletCapacity: inletCapacity, sink: sink)
    }

    fileprivate static func error(_ code: SpeechError.Code) -> SpeechError {
        SpeechError(code, operation: "spell", provider: "speller", detail: "as the test wants")
    }

    /// Its methods are called on one thread.
    private final class Session: RecognitionSession, @unchecked Sendable {
        // @unchecked: used on the loop of the session under test only.
        let inlet: SampleRing<UInt8>
        private let fault: Fault?
        private let sink: @Sendable (RecognitionEvent) -> Void
        private var heard: [UInt8] = []
        private var starts: [UtteranceID: Int] = [:]
        private var isLost = false

        init(fault: Fault?, inletCapacity: Int, sink: @escaping @Sendable (RecognitionEvent) -> Void) {
            inlet = SampleRing(minimumCapacity: inletCapacity, silence: 0xFF)
            self.fault = fault
            self.sink = sink
        }

        func audioArrived() {
            var buffer = [UInt8](repeating: 0, count: inlet.count)
            var target = buffer.mutableSpan
            let count = inlet.read(into: &target)
            heard += buffer.prefix(count)
            guard case .lost(let bytes, let code) = fault, heard.count >= bytes, !isLost else { return }
            isLost = true
            sink(.failed(nil, SpellingRecognizer.error(code)))
        }

        func beginUtterance(_ id: UtteranceID, context: String) {
            audioArrived()
            starts[id] = heard.count
        }

        func finishUtterance(_ id: UtteranceID) {
            audioArrived()
            guard let start = starts.removeValue(forKey: id), !isLost else { return }
            switch fault {
            case .mute: return
            case .failsUtterances: return sink(.failed(id, SpellingRecognizer.error(.overloaded)))
            default: break
            }
            var words: [String] = []
            var run = (value: UInt8(0), count: 0)
            for byte in heard[start...] {
                run = byte == run.value ? (byte, run.count + 1) : (byte, 1)
                if run.count == 160 {
                    words.append(String(byte))
                    run.count = 0
                }
            }
            sink(.final(Transcript(utterance: id, text: words.joined(separator: " "), confidence: 1)))
        }

        func cancelUtterance(_ id: UtteranceID) { starts[id] = nil }
        func close() {}
    }
}
