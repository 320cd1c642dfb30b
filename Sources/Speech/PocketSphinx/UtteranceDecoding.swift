import AudioCore
import Foundation

/// One utterance on its way through a decoder.
///
/// It is decoded twice. While the caller speaks, the line's loudness and colour are only guessed from what was heard so
/// far; that gives the interim transcripts. At a pause all of the utterance is decoded again, knowing its whole: a third
/// fewer word errors. The pause that ends a turn is longer than that takes, so nobody waits for it.
struct UtteranceDecoding {
    let id: UtteranceID
    private let decoder: SphinxDecoder
    private let audio: CleanedAudio
    private let context: String
    private let start: Int
    private let noiseHistory: Int
    private let limit: Int
    private let interimInterval: Int
    private let languageWeight: Double
    private let second: SecondHearing?
    /// The utterance so far.
    private var samples: [Int16] = []
    /// How many of them the decoder has been given for interim transcripts; nil when it has not begun.
    private var decoded: Int?
    /// What holds if nothing more is said.
    private var prepared: RecognitionEvent?
    private var lastInterim = 0
    private var lastText = ""
    /// The position after the last sample taken from the inlet.
    private var position = 0

    /// 20 ms: what one step takes from the inlet.
    private static let chunk = 160
    /// 600 ms, half of it pre-roll: with less the mean is the room's.
    private static let headLength = 4800

    init(
        _ utterance: UtteranceQueue.Utterance, decoder: SphinxDecoder, audio: CleanedAudio,
        configuration: PocketSphinxConfiguration, second: SecondHearing?
    ) {
        id = utterance.id
        context = utterance.context
        self.decoder = decoder
        self.audio = audio
        start = utterance.start
        noiseHistory = configuration.noiseHistory.samples
        limit = configuration.maximumUtterance.samples
        interimInterval = configuration.interimInterval.samples
        languageWeight = configuration.search.languageWeight
        self.second = second
        audio.restart()
    }

    /// Whether every sample before `end` was taken.
    func hasReached(_ end: Int?) -> Bool { end.map { position >= $0 } ?? false }

    /// Takes waiting samples of the utterance from `inlet`, at most until the next interim transcript is due.
    ///
    /// - Parameter end: the position to stop before, where known.
    /// - Returns: the words so far, when they changed and the last ones are old enough.
    mutating func consume(_ inlet: SampleRing<UInt8>, upTo end: Int?) throws(SpeechError) -> Transcript? {
        inlet.skip(start - noiseHistory - inlet.readPosition)
        while true {
            position = inlet.readPosition
            // What lies before the utterance is cleaned, which teaches what the noise is, and not decoded.
            let isBefore = position < start
            let wanted = min(Self.chunk, (isBefore ? start : end ?? .max) - position)
            guard wanted > 0 else { return nil }
            var bytes = [UInt8](repeating: 0, count: wanted)
            var target = bytes.mutableSpan
            let count = inlet.read(into: &target)
            guard count > 0 else { return nil }
            position += count
            guard samples.count < limit else { continue }
            let cleaned = audio.take(bytes.prefix(count))
            if isBefore { continue }
            samples += cleaned
            if let interim = try interim() { return interim }
        }
    }

    /// What the utterance is if nothing follows the samples taken so far, and whether it was not known before.
    mutating func result() throws(SpeechError) -> (event: RecognitionEvent, isNew: Bool) {
        if let prepared { return (prepared, false) }
        abandon()
        let event = event(try decoder.decode(samples.span, context: context))
        prepared = event
        return (event, true)
    }

    mutating func abandon() {
        if decoded != nil { decoder.abandon() }
        decoded = nil
    }

    private mutating func interim() throws(SpeechError) -> Transcript? {
        prepared = nil
        guard samples.count >= Self.headLength else { return nil }
        if decoded == nil { try decoder.begin(context: context, head: samples.span) }
        decoder.process(samples.span.extracting((decoded ?? 0)...))
        decoded = samples.count
        guard samples.count - lastInterim >= interimInterval else { return nil }
        lastInterim = samples.count
        let text = decoder.hypothesis
        guard text != lastText else { return nil }
        lastText = text
        return Transcript(utterance: id, text: text, confidence: 0.5)
    }

    private func event(_ result: DecodedUtterance) -> RecognitionEvent {
        let words = result.words
        guard !words.isEmpty else { return .nothingHeard(id) }
        var evidence = UtteranceEvidence(
            result, samples: samples.span, taskWords: decoder.task.words, languageWeight: languageWeight)
        var heard = words.map { segment in
            Transcript.Word(
                text: segment.word, start: segment.frames.lowerBound * DecodedUtterance.samplesPerFrame,
                end: segment.frames.upperBound * DecodedUtterance.samplesPerFrame,
                confidence: min(exp(segment.posterior), 1))
        }
        // Words that the first is sure of are the task's own; the second would cost time and may only spoil them.
        let isSure = ConfidenceModel.judge(evidence).confidence >= ConfidenceModel.sureFrom
        if let second, !isSure, let found = second.hear(samples, heard: heard, decoder: decoder, context: context) {
            evidence.second = found.evidence
            heard = found.words
        }
        let verdict = ConfidenceModel.judge(evidence)
        return .final(
            Transcript(
                utterance: id, text: heard.map(\.text).joined(separator: " "), words: heard,
                confidence: verdict.confidence,
                isOutOfTask: verdict.isOutOfTask, evidence: evidence))
    }
}
