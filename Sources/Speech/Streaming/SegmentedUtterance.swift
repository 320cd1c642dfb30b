/// One utterance on its way from the caller's first sound to its transcript.
struct SegmentedUtterance: Sendable {
    struct Segment: Sendable {
        var text: String
        var words: [Transcript.Word]
        var confidence: Double
        /// BCP 47; nil where the vendor tells none.
        var language: String?
    }

    let id: UtteranceID
    /// Samples of the leg.
    let start: Int
    /// Samples of the leg; nil while the caller speaks.
    var end: Int?
    /// Where the caller fell silent, if they are; samples of the leg.
    var pause: Int? { didSet { isToldProvisionally = false } }
    private var isToldProvisionally = false
    var segments: [Segment] = []
    /// What no final has replaced yet.
    var interim: Segment?
    /// Whether the vendor saw the speech end and heard nothing since.
    var isSettled = false
    var isFinalizeSent = false
    /// Up to where results spoke of it, be it of silence; samples of the leg.
    var reported = 0
    var finalizeDeadline: Duration?
    /// When it is answered whatever happens; set at its end.
    var deadline: Duration?
    private var shown = ""

    init(id: UtteranceID, start: Int) {
        self.id = id
        self.start = start
    }

    var nextDeadline: Duration? {
        switch (finalizeDeadline, deadline) {
        case (let one?, let other?): min(one, other)
        case (let one, let other): one ?? other
        }
    }

    /// What has been heard so far; nil for no words.
    var transcript: Transcript? {
        let parts = segments + (interim.map { [$0] } ?? [])
        let text = parts.map(\.text).joined(separator: " ")
        guard !text.isEmpty else { return nil }
        let words = parts.flatMap(\.words)
        let weights = parts.map { Double(max($0.words.count, 1)) }
        let confidence = zip(parts, weights).reduce(0) { $0 + $1.0.confidence * $1.1 } / weights.reduce(0, +)
        var transcript = Transcript(utterance: id, text: text, words: words, confidence: confidence)
        transcript.language = DetectedLanguage.prevailing(zip(parts, weights).map { ($0.language, $1) })
        return transcript
    }

    /// Takes a stretch of words; a later interim replaces an earlier one, a final replaces it for good.
    ///
    /// - Returns: the new interim transcript, if it differs from the last one.
    mutating func take(_ segment: Segment, _ results: RecognizedSegment) -> Transcript? {
        if results.isFinal {
            if !segment.text.isEmpty { segments.append(segment) }
            interim = nil
            // Silence finals leave the verdict as it was; words without an endpoint revoke it.
            if results.speechFinal { isSettled = true } else if !segment.text.isEmpty { isSettled = false }
        } else if !segment.text.isEmpty {
            interim = segment
            isSettled = false
        }
        guard let transcript, transcript.text != shown else { return nil }
        shown = transcript.text
        return transcript
    }

    /// Keeps the words of the interim that end before `limit`, as if they were final.
    ///
    /// - Returns: where the last of them ends; nil where there are none, or the vendor does not say when words were said.
    mutating func keepInterim(until limit: Int) -> Int? {
        guard let interim else { return nil }
        var end = 0
        let kept = interim.words.prefix { word in
            guard word.end > word.start, word.start >= end, start + word.end <= limit else { return false }
            end = word.end
            return true
        }
        guard !kept.isEmpty else { return nil }
        segments.append(
            Segment(
                text: kept.map(\.text).joined(separator: " "), words: Array(kept), confidence: interim.confidence,
                language: interim.language))
        return start + end
    }

    /// What was said until the pause, once results reach that far; again where it `isChanged`.
    ///
    /// - Parameter silence: samples before the pause that held no voice.
    mutating func provisional(isChanged: Bool, within silence: Int) -> Transcript? {
        guard let pause, reported >= pause - silence, isChanged || !isToldProvisionally, let transcript else {
            return nil
        }
        isToldProvisionally = true
        return transcript
    }

    /// The words of `results` that lie in this utterance.
    func segment(of results: RecognizedSegment, connectionStart: Int, sampleRate: Int) -> Segment {
        let rate = Double(sampleRate)
        let bound = end ?? .max
        var words: [Transcript.Word] = []
        var languages: [(language: String?, count: Double)] = []
        var dropped = 0
        for word in results.words {
            let times = (word.start * rate, word.end * rate)
            guard times.0.isFinite, times.1.isFinite, abs(times.0) < 1e10, abs(times.1) < 1e10 else { continue }
            let (from, to) = (connectionStart + Int(times.0), connectionStart + Int(times.1))
            guard (from + to) / 2 >= start, (from + to) / 2 <= bound else {
                dropped += 1
                continue
            }
            words.append(
                Transcript.Word(
                    text: word.word.lowercased(), start: max(from - start, 0), end: max(to - start, 0),
                    confidence: Self.probability(word.confidence)))
            if word.language != nil { languages.append((DetectedLanguage.tag(word.language), 1)) }
        }
        let text = dropped > 0 ? words.map(\.text).joined(separator: " ") : Self.plain(results.transcript)
        return Segment(
            text: text, words: words, confidence: Self.probability(results.confidence),
            language: DetectedLanguage.prevailing(languages) ?? DetectedLanguage.tag(results.language))
    }

    private static func probability(_ value: Double) -> Double { value.isFinite ? min(max(value, 0), 1) : 0 }

    /// Lower case, single spaces.
    private static func plain(_ text: String) -> String {
        text.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
