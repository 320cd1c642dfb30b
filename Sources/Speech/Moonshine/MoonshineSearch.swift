import Foundation

/// Finds the words that sound, task and first hearing agree upon best.
///
/// A beam search over Moonshine's texts. Each text is worth what the model gives it (it knows the sound), what the
/// task's language model gives its words (it knows what callers say here), and a bonus for words and pairs of words that
/// the first recognizer heard too: the two err differently, so what both heard is most likely right.
struct MoonshineSearch {
    /// How much each judge counts.
    struct Settings: Sendable, Hashable {
        /// Texts at once, 1...16.
        var width = 6
        /// Tokens tried for each text.
        var choices = 30
        /// Of the language model against the sound.
        var languageWeight = 0.3
        /// For each word: the language model makes every word cost something.
        var wordBonus = 1.0
        /// For a word that the first recognizer heard too, in natural logarithms.
        var heardWord = 2.0
        /// Likewise for a word after the same word, the text's beginning and end being words too.
        var heardPair = 3.0
        /// What a word costs that the language model does not know, in natural logarithms.
        var unknownWord = -9.0
        /// Words a second at most: more is the model talking by itself.
        var wordRate = 4.5
        /// How much likelier than the end another token may be where a text may end, in natural logarithms: a text that
        /// stops in the middle has fewer words to be wrong.
        var endMargin = 2.0
        /// How far the best text that goes on may be behind the best complete one, before it is no longer waited for.
        var patience = 6.0
    }

    /// A text and what speaks for it.
    struct Finding: Sendable, Equatable {
        var words: [String]
        /// Natural logarithm of the model's probability of the text.
        var sound: Double
        /// Natural logarithm of the language model's probability of the words, without bonus.
        var language: Double
        /// Words that the language model does not know.
        var unknown: Int
        /// All judges together.
        var total: Double
    }

    private struct Text {
        /// Last word first.
        var history: (Int32?, Int32?)
        var lastWord: [UInt8] = []
        var words: [[UInt8]] = []
        var part: [UInt8] = []
        var sound = 0.0
        var language = 0.0
        var bonus = 0.0
        var unknown = 0
        var token = MoonshineSpelling.start
    }

    let settings: Settings
    let language: WordLikelihoods
    let beginnings: WordBeginnings
    private let heardWords: Set<[UInt8]>
    private let heardPairs: Set<[[UInt8]]>
    private let first: Int32?
    private let last: Int32?

    /// - Parameter heard: the words of the first recognizer.
    init(_ settings: Settings, language: WordLikelihoods, beginnings: WordBeginnings, heard: [String]) {
        self.settings = settings
        self.language = language
        self.beginnings = beginnings
        let words = heard.map { Array($0.utf8) }
        heardWords = Set(words)
        heardPairs = words.isEmpty ? [] : Set(zip([[]] + words, words + [[]]).map { [$0, $1] })
        first = language.number(of: Array("<s>".utf8))
        last = language.number(of: Array("</s>".utf8))
    }

    /// - Parameter samples: 16 kHz, -1...1.
    /// - Returns: the best texts, the very best first; none where there is nothing to hear.
    func find(in samples: [Float], model: MoonshineModel) throws(SpeechError) -> [Finding] {
        guard samples.count >= MoonshineModel.leastSamples, samples.count <= MoonshineModel.mostSamples else {
            return []
        }
        let seconds = Double(samples.count) / Double(MoonshineModel.Shape.rate)
        let mostWords = Int(2 + seconds * settings.wordRate)
        let decoding = try MoonshineDecoding(
            model, samples: samples, width: settings.width, limit: Int(seconds * 7) + 6)
        var texts = [Text(history: (first, nil))]
        var complete: [Finding] = []
        try decoding.begin()
        while true {
            var next: [(text: Int, value: Text, total: Double)] = []
            for (index, text) in texts.enumerated() {
                let tokens = unsafe decoding.withScores(of: index) { unsafe likeliest($0) }
                let best = tokens.first { $0.token != MoonshineSpelling.end }?.logarithm ?? -.infinity
                for (token, logarithm) in tokens {
                    var value = text
                    value.sound += logarithm
                    value.token = token
                    if token == MoonshineSpelling.end {
                        guard logarithm >= best - settings.endMargin else { continue }
                        end(&value)
                        complete.append(finding(value))
                    } else if model.spelling.isSpoken(token) {
                        for piece in model.spelling[token] { add(piece, to: &value) }
                        guard value.words.count <= mostWords, !Self.repeats(value.words) else { continue }
                        next.append((index, value, total(value)))
                    }
                }
            }
            next.sort { ($0.total, $1.text, $1.value.token) > ($1.total, $0.text, $0.value.token) }
            var spellings = Set<[[UInt8]]>()
            var kept: [(text: Int, value: Text, total: Double)] = []
            for candidate in next where spellings.insert(candidate.value.words + [candidate.value.part]).inserted {
                kept.append(candidate)
                if kept.count == settings.width { break }
            }
            guard let best = kept.first else { break }
            if let done = complete.map(\.total).max(), best.total < done - settings.patience { break }
            guard try decoding.step(kept.map { ($0.text, $0.value.token) }) else { break }
            texts = kept.map(\.value)
        }
        var spellings = Set<[String]>()
        return complete.sorted { $0.total > $1.total }.filter { spellings.insert($0.words).inserted }
    }

    /// The tokens that are likeliest by the sound, with natural logarithms of their probabilities.
    private func likeliest(_ scores: UnsafeBufferPointer<Float>) -> [(token: Int, logarithm: Double)] {
        // Hundreds of thousands of scores for each second of speech: plain loops, which are quick in any build.
        let count = scores.count
        var highest = -Float.infinity
        var token = 0
        while token < count {
            if unsafe scores[token] > highest { highest = unsafe scores[token] }
            token += 1
        }
        // What sounds e⁹ times less likely than the best is not made up for by the language.
        let negligible = highest - 9
        var sum: Float = 0
        var best: [(token: Int, score: Float)] = []
        var floor = negligible
        token = 0
        while token < count {
            let score = unsafe scores[token]
            if score > negligible {
                sum += exp(score - highest)
                if score > floor {
                    best.insert((token, score), at: best.firstIndex { $0.score < score } ?? best.count)
                    if best.count > settings.choices { best.removeLast() }
                    if best.count == settings.choices { floor = best[best.count - 1].score }
                }
            }
            token += 1
        }
        let whole = Double(highest) + log(Double(sum))
        return best.map { ($0.token, Double($0.score) - whole) }
    }

    private func add(_ piece: UInt8, to text: inout Text) {
        guard piece == MoonshineSpelling.boundary else {
            text.part.append(piece)
            return
        }
        let written = text.part
        text.part = []
        let joined = written.filter { $0 != MoonshineSpelling.hyphen }
        if joined.count == written.count || language.number(of: joined) != nil {
            add(word: joined, to: &text)
        } else {
            for word in written.split(separator: MoonshineSpelling.hyphen) { add(word: Array(word), to: &text) }
        }
    }

    private func add(word: [UInt8], to text: inout Text) {
        guard !word.isEmpty else { return }
        let number = language.number(of: word)
        if let number {
            text.language += language.logarithm(of: number, after: text.history)
        } else {
            text.language += settings.unknownWord
            text.unknown += 1
        }
        if heardWords.contains(word) { text.bonus += settings.heardWord }
        if heardPairs.contains([text.lastWord, word]) { text.bonus += settings.heardPair }
        text.history = (number, number == nil ? nil : text.history.0)
        text.lastWord = word
        text.words.append(word)
    }

    private func end(_ text: inout Text) {
        add(MoonshineSpelling.boundary, to: &text)
        if heardPairs.contains([text.lastWord, []]) { text.bonus += settings.heardPair }
        if let last { text.language += language.logarithm(of: last, after: text.history) }
    }

    private func total(_ text: Text) -> Double {
        var language = text.language + text.bonus
        if !text.part.isEmpty { language += likeliest(beginning: text.part) ?? settings.unknownWord }
        return text.sound + settings.languageWeight * language + settings.wordBonus * Double(text.words.count)
    }

    /// The likelihood of the likeliest word that begins so, or whose last part after a hyphen does.
    private func likeliest(beginning part: [UInt8]) -> Double? {
        guard let hyphen = part.lastIndex(of: MoonshineSpelling.hyphen) else { return beginnings[part] }
        let last = Array(part[(hyphen + 1)...])
        return beginnings[part.filter { $0 != MoonshineSpelling.hyphen }] ?? (last.isEmpty ? 0 : beginnings[last])
    }

    private func finding(_ text: Text) -> Finding {
        Finding(
            words: text.words.map { String(decoding: $0, as: UTF8.self) }, sound: text.sound, language: text.language,
            unknown: text.unknown, total: total(text))
    }

    /// Whether the last words, two to eight, stand there twice: nobody says that, the model does when it is lost. Fewer than
    /// four digits are said so.
    private static func repeats(_ words: [[UInt8]]) -> Bool {
        guard let last = words.last else { return false }
        return ((digits.contains(last) ? 4 : 2)...8).contains {
            words.count >= 2 * $0 && words.suffix($0).elementsEqual(words.dropLast($0).suffix($0))
        }
    }

    private static let digits = Set(
        ["zero", "oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"].map { Array($0.utf8) })
}
