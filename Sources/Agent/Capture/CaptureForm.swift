/// What one capture block has heard so far. A value: words in, what is missing out.
protocol CaptureForm: Sendable {
    /// Nothing of it is known.
    var isEmpty: Bool { get }

    /// Asks for what is missing, and says what is there; nil when nothing is missing.
    var question: String? { get }

    /// How patient the caller is to be listened to while that is asked.
    var expectation: (kind: Expectation.Kind, longestKeys: Int?) { get }

    /// Says the value in a way that a person can check, and asks whether it is right.
    var readBack: String { get }

    /// The value for templates and conditions.
    var value: JSONValue { get }

    /// The value for a tool's arguments where nobody else may have it; nil where ``value`` is all there is.
    var secret: JSONValue? { get }

    /// Takes what it can of an answer.
    ///
    /// - Parameter isReadBack: the whole was read back, so that the words put something right.
    mutating func take(_ words: [String], isReadBack: Bool) -> CaptureHearing

    /// Takes digits that were typed.
    mutating func take(keys: String) -> CaptureHearing

    /// Forgets what `words` name ("the street is wrong"), or everything when they name nothing.
    mutating func forget(named words: [String])

    /// A tool that was given the value has failed: what may be given only once must be asked for anew.
    mutating func forgetAfterUse()
}

/// What an answer was to a capture block.
enum CaptureHearing: Equatable {
    case nothing
    /// Something, by free words that could be anything.
    case guessed
    case understood
    /// It cannot be; the caller hears why.
    case invalid(String)
}

extension CaptureForm {
    var secret: JSONValue? { nil }

    mutating func take(keys: String) -> CaptureHearing { .nothing }

    mutating func forgetAfterUse() {}
}

/// Words that carry no value, and what a caller takes back.
enum CaptureWords {
    static let fillers: Set<String> = [
        "um", "uh", "er", "erm", "well", "so", "okay", "please", "it's", "it", "is", "that's", "that", "the", "my", "i",
        "i'm", "am", "was", "born", "on", "yes", "yeah", "sure", "sorry", "said", "actually", "and", "of", "course",
        "address", "name", "name's", "date", "birth", "birthday", "live", "at", "in", "would", "be", "should", "here",
    ]

    /// Words of somebody who does not answer: "I don't want to", "just a moment", "let me think".
    private static let evasions: Set<String> = [
        "don't", "dont", "know", "want", "moment", "wait", "hold", "hang", "second", "minute", "later", "can't",
        "cannot", "won't", "never", "rather", "why", "what", "let", "idea", "forgot",
    ]

    static func evade(_ words: [String]) -> Bool { words.contains(where: evasions.contains) }

    /// The words without a leading refusal, and what was refused: "no", "not fifteen, fifty" → `fifty` and `fifteen`.
    ///
    /// - Parameter length: of the value that begins there; what follows "not" is that long.
    static func correction(
        _ words: [String], length: (_ words: [String], _ start: Int) -> Int
    ) -> (kept: [String], refused: [[String]]) {
        var kept: [String] = []
        var refused: [[String]] = []
        var index = 0
        while index < words.count {
            if words[index] == "not"
                || (words[index] == "instead" && index + 1 < words.count && words[index + 1] == "of")
            {
                let start = words[index] == "not" ? index + 1 : index + 2
                let count = max(1, length(words, start))
                let end = min(start + count, words.count)
                if start < end { refused.append(Array(words[start..<end])) }
                index = end
                if index < words.count, words[index] == "but" { index += 1 }
            } else {
                if !(kept.isEmpty && ["no", "nope", "sorry", "wrong"].contains(words[index])) {
                    kept.append(words[index])
                }
                index += 1
            }
        }
        return (kept, refused)
    }

    /// Of the figure after "not", before the one that is right: "fifteen, fifty", "five six, five nine".
    static func figureLength(_ words: [String], _ start: Int) -> Int {
        guard let run = DigitGrammar(words: words).match(at: start),
            let piece = NumberWords.belowHundred(words, at: start)
        else { return 1 }
        let isFollowed = start + run.length < words.count
        if run.length == piece.length || isFollowed { return run.length }
        return piece.value >= 10 ? piece.length : max(1, run.length / 2)
    }

    /// "s for sugar", "n as in november", "double u", "capital m": the letters and digits of a spelling, as far as it goes.
    static func spelling(_ words: [String], from start: Int = 0) -> (text: String, length: Int) {
        var text = ""
        var index = start
        while index < words.count {
            let word = words[index]
            if word == "double", index + 1 < words.count {
                let next = words[index + 1]
                if next == "u" || next == "you" {
                    text += "w"
                } else if next.count == 1 {
                    text += next + next
                } else if let digit = NumberWords.unit(next), digit < 10 {
                    text += "\(digit)\(digit)"
                } else {
                    break
                }
                index += 2
            } else if word.count == 1, word.first?.isLetter == true {
                text += word
                index += 1
                if index + 2 < words.count, words[index] == "as", words[index + 1] == "in" {
                    index += 3
                } else if index + 1 < words.count, words[index] == "for" || words[index] == "like",
                    words[index + 1].first == word.first
                {
                    index += 2
                }
            } else if word == "oh" {
                text += "0"
                index += 1
            } else if let number = NumberWords.belowHundred(words, at: index) {
                text += String(number.value)
                index += number.length
            } else if word == "capital" || word == "then", !text.isEmpty || word == "capital" {
                index += 1
            } else {
                break
            }
        }
        return (text, index - start)
    }

    /// "m, a, r, i, a": letters as a voice reads them one by one.
    static func spell(_ text: some StringProtocol) -> String {
        text.map { character in
            switch character {
            case ".": "dot"
            case "_": "underscore"
            case "-": "dash"
            case "+": "plus"
            default: character.wholeNumberValue.map { NumberWords.speakDigits(String($0)) } ?? character.uppercased()
            }
        }.joined(separator: ", ")
    }
}
