/// What an emulated recognizer makes of one connection's ``SpelledSpeech``. A value: bytes in, results out.
///
/// A word that was not given whole is not heard; one that was given twice is heard twice. A final result never ends inside a
/// word that is being said.
struct SpelledStream: Sendable {
    typealias Result = DeepgramEmulatorStream.Result

    private let settings: DeepgramEmulatorStream.Settings
    private(set) var position = 0
    private var run: (code: UInt8, count: Int) = (0xFF, 0)
    /// The first half of a word, and where it began.
    private var first: (code: UInt8, start: Int)?
    /// Words that are not final yet.
    private var words: [Result.Word] = []
    private var segmentStart = 0
    private var lastVoiced = 0
    private var lastInterim = 0

    init(_ settings: DeepgramEmulatorStream.Settings) { self.settings = settings }

    mutating func hear(_ audio: Span<UInt8>, _ emit: (Result) -> Void) {
        for index in audio.indices {
            take(audio[index])
            if position % (settings.sampleRate / 50) == 0 { judge(emit) }
        }
    }

    private mutating func take(_ code: UInt8) {
        position += 1
        run = code == run.code ? (code, run.count + 1) : (code, 1)
        if code & 0x7F < 64 { lastVoiced = position }
        guard run.count == SpelledSpeech.knownHalf else { return }
        switch code {
        case 0..<64: first = (code, position - run.count)
        case 0x80..<0xC0:
            guard let first else { return }
            let name = SpelledSpeech.name(of: SpelledSpeech.number(first.code, code))
            words.append(Result.Word(text: name, start: first.start, end: position))
            self.first = nil
        default: first = nil
        }
    }

    /// Where the last word ends that is not being said any more.
    private var quietEnd: Int {
        let isSpeaking = run.code & 0x7F < 64
        return isSpeaking
            ? (first?.start ?? (run.code < 64 ? position - run.count : words.last?.end ?? position)) : position
    }

    private mutating func judge(_ emit: (Result) -> Void) {
        let length = position - segmentStart
        if words.isEmpty {
            if length >= settings.silenceLength { emit(close(at: quietEnd)) }
        } else if let endpointing = settings.endpointing, position - lastVoiced >= endpointing {
            var result = close(at: position)
            result.speechFinal = true
            emit(result)
        } else if length >= settings.segmentLength {
            emit(close(at: quietEnd))
        } else if settings.providesInterims, position - lastInterim >= settings.interimInterval {
            lastInterim = position
            emit(Result(start: segmentStart, end: position, words: words))
        }
    }

    mutating func finalize() -> Result? {
        guard !words.isEmpty || position - segmentStart >= settings.finalizeThreshold else { return nil }
        var result = close(at: position)
        result.fromFinalize = true
        return result
    }

    mutating func drain() -> Result? { words.isEmpty ? nil : close(at: position) }

    private mutating func close(at end: Int) -> Result {
        defer {
            words = []
            segmentStart = end
            lastInterim = position
        }
        return Result(start: segmentStart, end: end, words: words, isFinal: true)
    }
}
