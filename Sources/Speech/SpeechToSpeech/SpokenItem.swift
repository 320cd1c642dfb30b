import Codecs

/// One thing the model says: its words and its audio as they come, and how the audio is divided among the sentences.
///
/// The vendor does not say which audio belongs to which words; it sends the words ahead of their audio, or with it. So a
/// sentence ends where its share of the words would end at the speed of speech, not before what had come when the next
/// sentence's first letter did, but for a pause, and then in the quietest tenth of a second around. The audio itself is
/// passed on gap-free whatever the division; only what is kept of an interrupted sentence, and where a sentence that may not
/// be said begins, depend on it.
struct SpokenItem: Sendable, Equatable {
    enum Piece: Sendable, Equatable {
        case audio([UInt8])
        /// More will come.
        case wait
        /// The sentence is over.
        case end
    }

    /// Samples that a letter takes before more is known: some fifteen characters a second, spaces not counted.
    private static let samplesPerLetter = 640
    /// How far from the estimate a pause is looked for, in samples.
    private static let reach = 4000
    /// As long as the pause between two sentences is for sure; within words it is shorter.
    private static let pause = 800

    let id: String
    /// µ-law or A-law, one byte a sample.
    private(set) var audio: [UInt8] = []
    /// No more words or audio come.
    private(set) var isWhole = false
    /// What is said, without spaces and marks of writing.
    private(set) var letters: [Character] = []
    /// Samples that had come when each letter came.
    private var arrivals: [Int] = []
    /// Its response was cancelled: the vendor may have made more of it than came.
    private(set) var isCutShort = false
    /// Its connection is gone: the vendor does not know it any more.
    private(set) var isForgotten = false
    /// The sentence being spoken, as a range of letters; nil between sentences.
    private var sentence: Range<Int>?
    /// Where its audio ends, once that is decided.
    private var sentenceEnd: Int?
    /// Letters of sentences that were asked for.
    private var claimed = 0
    /// Where the present sentence's audio begins.
    private var sentenceStart = 0
    /// Samples that were passed on.
    private(set) var given = 0

    init(id: String) { self.id = id }

    mutating func add(text: String) {
        let new = Self.letters(of: text)
        letters += new
        arrivals += repeatElement(audio.count, count: new.count)
    }

    mutating func add(audio bytes: [UInt8]) { audio += bytes }

    mutating func end() { isWhole = true }

    mutating func cutShort() { (isWhole, isCutShort) = (true, true) }

    mutating func forget() { (isWhole, isForgotten) = (true, true) }

    /// Whether a sentence waits for audio.
    var isSpeaking: Bool { sentence != nil }

    /// Begins to give the audio of `text`, if that is what is said next.
    mutating func claim(_ text: String) -> Bool {
        let wanted = Self.letters(of: text)
        guard sentence == nil, !wanted.isEmpty, letters[claimed...].starts(with: wanted) else { return false }
        sentence = claimed..<claimed + wanted.count
        claimed += wanted.count
        (sentenceStart, sentenceEnd) = (given, nil)
        return true
    }

    /// Nobody wants the rest of the sentence.
    mutating func abandon() { sentence = nil }

    /// The next audio of the sentence that was claimed.
    mutating func take() -> Piece {
        guard let sentence else { return .end }
        let (limit, isFinal) = sentenceEnd.map { ($0, true) } ?? bound(of: sentence)
        if isFinal { sentenceEnd = limit }
        if limit > given {
            defer { given = limit }
            return .audio(Array(audio[given..<limit]))
        }
        guard isFinal else { return .wait }
        self.sentence = nil
        return .end
    }

    /// Up to where audio belongs to the sentence for sure, and whether that is all of it.
    private func bound(of sentence: Range<Int>) -> (limit: Int, isFinal: Bool) {
        let end = sentence.upperBound
        guard end < letters.count else { return (audio.count, isWhole) }
        let letters = sentence.count
        let length =
            isWhole
            ? (audio.count - sentenceStart) * letters / (self.letters.count - sentence.lowerBound)
            : letters * Self.samplesPerLetter
        // The pause may have come just before the next sentence's words.
        let floor = max(arrivals[end] - Self.pause, given)
        let estimate = max(sentenceStart + length, floor)
        let reach = min(Self.reach, length / 2)
        guard isWhole || audio.count >= estimate + reach else {
            return (max(given, min(audio.count, estimate - reach)), false)
        }
        let range = max(floor, estimate - reach)...min(audio.count, estimate + reach)
        return (quietest(in: range, near: estimate), true)
    }

    /// The middle of the quietest 100 ms of a range; of those that are alike, the nearest to `place`.
    private func quietest(in range: ClosedRange<Int>, near place: Int) -> Int {
        var best = (level: Int.max, place: min(max(place, range.lowerBound), range.upperBound))
        for start in stride(from: range.lowerBound, through: range.upperBound - Self.pause, by: Self.pause / 10) {
            let level = audio[start..<start + Self.pause].reduce(0) { $0 + abs(Int(MuLaw.decode($1))) }
            let middle = start + Self.pause / 2
            if level < best.level || level == best.level && abs(middle - place) < abs(best.place - place) {
                best = (level, middle)
            }
        }
        return best.place
    }

    /// What a voice says of `text`: neither spaces nor the marks that are taken out of sentences.
    static func letters(of text: some StringProtocol) -> [Character] {
        text.filter { !$0.isWhitespace && !"*_#`…".contains($0) }.map { $0 }
    }
}
