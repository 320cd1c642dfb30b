import Codecs

/// What the emulated recognizer makes of one connection's audio. A value: bytes in, results out.
///
/// It finds speech by energy and takes each stretch for the next scripted sentence, whose words it spreads over the
/// stretch. All times are samples since the connection opened.
struct DeepgramEmulatorStream: Sendable {
    /// One `Results` message.
    struct Result: Sendable, Equatable {
        struct Word: Sendable, Equatable {
            var text: String
            var start: Int
            var end: Int
        }
        var start: Int
        var end: Int
        var words: [Word]
        var isFinal = false
        var speechFinal = false
        var fromFinalize = false
        /// Of the words; nil where nobody says.
        var language: String?
    }

    /// In samples.
    struct Settings: Sendable {
        var sampleRate = 8000
        /// Silence that ends an utterance; nil never does.
        var endpointing: Int? = 2400
        var interimInterval = 8000
        var segmentLength = 32_000
        var finalizeThreshold = 1600
        /// Silence after which an empty final says that nothing was missed.
        var silenceLength = 40_000
        var providesInterims = true
        /// What is heard is ``SpelledSpeech``, not the next sentence.
        var hearsSpelling = false
        /// The language of each transcript; those without one have none.
        var languages: [String] = []
    }

    private let settings: Settings
    private let transcripts: [String]
    private var spelled: SpelledStream?
    private var nextTranscript = 0
    /// Of the sentence being spoken.
    private var language: String?
    /// Samples taken in.
    private(set) var position = 0
    /// Everything before is final.
    private var segmentStart = 0
    private var lastInterim = 0
    /// Words of the sentence being spoken that are not final yet; nil between sentences.
    private var words: [String]?
    /// Where the first of `words` began.
    private var wordsStart = 0
    private var lastVoiced = 0
    private var loudBlocks = 0

    // The block under analysis, and the loudness of noise.
    private var energy = 0.0
    private var blockCount = 0
    private var noise = 2e4

    init(transcripts: [String], settings: Settings) {
        self.transcripts = transcripts
        self.settings = settings
        if settings.hearsSpelling { spelled = SpelledStream(settings) }
    }

    /// Hears G.711 audio.
    ///
    /// - Parameter power: the square of the sample each code stands for.
    mutating func hear(_ audio: Span<UInt8>, power: [Float], _ emit: (Result) -> Void) {
        if spelled != nil {
            spelled?.hear(audio, emit)
            position = spelled?.position ?? 0
            return
        }
        let blockSize = settings.sampleRate / 50
        for index in audio.indices {
            energy += Double(power[Int(audio[index])])
            blockCount += 1
            guard blockCount == blockSize else { continue }
            position += blockSize
            judge(energy / Double(blockSize), blockSize: blockSize, emit)
            energy = 0
            blockCount = 0
        }
    }

    /// Answers `Finalize`.
    mutating func finalize() -> Result? {
        if spelled != nil { return spelled?.finalize() }
        guard words != nil || position - segmentStart >= settings.finalizeThreshold else { return nil }
        var result = close(at: position)
        result.fromFinalize = true
        return result
    }

    /// What is left when the client ends the stream.
    mutating func drain() -> Result? {
        if spelled != nil { return spelled?.drain() }
        return words == nil ? nil : close(at: position)
    }

    private mutating func judge(_ power: Double, blockSize: Int, _ emit: (Result) -> Void) {
        // An rms of 400 (-38 dBFS) or 8 dB above the noise, whichever is louder.
        let isLoud = power > max(160_000, noise * 6.3)
        if !isLoud { noise += (min(power, 4e6) - noise) * 0.05 }
        loudBlocks = isLoud ? loudBlocks + 1 : 0
        if isLoud { lastVoiced = position }

        if words == nil {
            if loudBlocks >= 3 {
                let number = nextTranscript % transcripts.count
                words = transcripts[number].split(separator: " ").map(String.init)
                language = number < settings.languages.count ? settings.languages[number] : nil
                nextTranscript += 1
                wordsStart = max(position - 3 * blockSize, segmentStart)
                lastInterim = wordsStart
            } else if position - segmentStart >= settings.silenceLength {
                emit(close(at: position))
            }
            return
        }
        if let endpointing = settings.endpointing, position - lastVoiced >= endpointing {
            var result = close(at: position)
            result.speechFinal = true
            emit(result)
        } else if position - segmentStart >= settings.segmentLength, heardCount > 0 {
            emit(cutSegment())
        } else if settings.providesInterims, position - lastInterim >= settings.interimInterval {
            lastInterim = position
            let heard = Array((words ?? []).prefix(heardCount))
            emit(
                Result(
                    start: segmentStart, end: position, words: spread(heard, from: wordsStart, to: lastVoiced),
                    language: language))
        }
    }

    /// How many words there was time for, at 0.3 s a word; never the last one before the speech ends.
    private var heardCount: Int {
        let count = (lastVoiced - wordsStart) * 10 / (3 * settings.sampleRate)
        return min(count, max((words?.count ?? 0) - 1, 0))
    }

    /// A final segment without an endpoint; the rest of the sentence is still to come.
    private mutating func cutSegment() -> Result {
        let count = heardCount
        let heard = Array((words ?? []).prefix(count))
        words?.removeFirst(count)
        let result = Result(
            start: segmentStart, end: position, words: spread(heard, from: wordsStart, to: lastVoiced), isFinal: true,
            language: language)
        segmentStart = position
        wordsStart = position
        lastInterim = position
        return result
    }

    private mutating func close(at end: Int) -> Result {
        let heard = words ?? []
        words = nil
        loudBlocks = 0
        let result = Result(
            start: segmentStart, end: end,
            words: spread(heard, from: wordsStart, to: max(lastVoiced, wordsStart + 160)),
            isFinal: true, language: heard.isEmpty ? nil : language)
        language = nil
        segmentStart = end
        return result
    }

    private func spread(_ words: [String], from start: Int, to end: Int) -> [Result.Word] {
        let step = (end - start) / max(words.count, 1)
        return words.enumerated().map {
            Result.Word(text: $1, start: start + $0 * step, end: start + ($0 + 1) * step)
        }
    }

    /// The square of the sample each µ-law code stands for.
    static let muLawPower: [Float] = (0...UInt8.max).map { Float(MuLaw.decode($0)) * Float(MuLaw.decode($0)) }
    /// The square of the sample each A-law code stands for.
    static let aLawPower: [Float] = (0...UInt8.max).map { Float(ALaw.decode($0)) * Float(ALaw.decode($0)) }
}
