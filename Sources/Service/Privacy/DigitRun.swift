import Agent

/// Digits that follow one another in a text, written or spoken: "4111-1111", "four one double one", "forty one eleven".
struct DigitRun: Sendable {
    /// As many digits as were written or said in one.
    struct Piece: Sendable {
        let range: Range<String.Index>
        let digits: String
        let isSpoken: Bool
    }

    private(set) var pieces: [Piece] = []

    var digits: String { pieces.map(\.digits).joined() }
    var isSpoken: Bool { pieces.contains(where: \.isSpoken) }
    var range: Range<String.Index> { pieces[0].range.lowerBound..<pieces[pieces.count - 1].range.upperBound }

    /// All of a text, in order.
    static func all(in text: String) -> [DigitRun] { all(of: TextWord.all(in: text), in: text) }

    static func all(of words: [TextWord], in text: String) -> [DigitRun] {
        var runs: [DigitRun] = []
        var index = 0
        while index < words.count {
            guard let first = piece(words, at: index, isInside: false) else {
                index += 1
                continue
            }
            var run = DigitRun(pieces: [first.piece])
            index += first.length
            // Fillers belong to the run if digits follow them.
            var ahead = index
            while ahead < words.count, isJoined(words[ahead - 1], words[ahead], in: text) {
                if let next = piece(words, at: ahead, isInside: true) {
                    run.pieces.append(next.piece)
                    ahead += next.length
                    index = ahead
                } else if fillers.contains(words[ahead].plain) {
                    ahead += 1
                } else {
                    break
                }
            }
            runs.append(run)
        }
        return runs
    }

    /// The pieces that are a card's number, each time from where it begins to where it ends.
    var cards: [Range<Int>] {
        var found: [Range<Int>] = []
        var start = 0
        while start < pieces.count {
            if let end = endOfCard(from: start) {
                found.append(start..<end)
                start = end
            } else {
                start += 1
            }
        }
        return found
    }

    private func endOfCard(from start: Int) -> Int? {
        var digits = ""
        var end: Int?
        for index in start..<pieces.count {
            digits += pieces[index].digits
            if digits.utf8.count > CardNumber.lengths.upperBound { break }
            if CardNumber.isWhole(digits) { end = index + 1 }
        }
        return end
    }

    // MARK: Words

    static let fillers: Set<String> = [
        "um", "uh", "uhm", "er", "erm", "ah", "hm", "and", "then", "dash", "hyphen", "space", "comma", "period", "okay",
        "ok",
    ]
    /// What people say between the parts of a number that they read out.
    static let asides: Set<String> = [
        "yes", "yeah", "yep", "right", "correct", "so", "it", "it's", "its", "s", "is", "the", "my", "that", "that's",
        "this", "number",
        "card", "rest", "next", "last", "digits", "first", "hang", "hold", "on", "wait", "let", "me", "see", "just",
        "sorry", "please",
        "a", "second", "moment", "go", "ahead", "ready", "now", "here", "again", "continue", "thanks", "thank", "you",
    ]
    /// More of them say something.
    static let mostAsides = 8

    static func areAsides(_ words: ArraySlice<TextWord>) -> Bool {
        words.count <= mostAsides && words.allSatisfy { fillers.contains($0.plain) || asides.contains($0.plain) }
    }

    /// Taken for a digit only between digits.
    static let homophones = ["to": "2", "too": "2", "for": "4", "ate": "8", "won": "1", "or": "0"]
    static let multiples = ["double": 2, "triple": 3, "quadruple": 4]
    static let zeros: Set<String> = ["oh", "o", "naught", "nought", "nil"]

    private static func piece(
        _ words: [TextWord], at index: Int, isInside: Bool
    ) -> (piece: Piece, length: Int)? {
        let word = words[index]
        func made(_ digits: String, _ length: Int = 1, isSpoken: Bool = true) -> (Piece, Int) {
            let range = word.range.lowerBound..<words[index + length - 1].range.upperBound
            return (Piece(range: range, digits: digits, isSpoken: isSpoken), length)
        }
        if let digits = word.digits { return made(digits, isSpoken: false) }
        if let digit = digit(word.plain) { return made(digit) }
        guard index + 1 < words.count || NumberWords.unit(word.plain) != nil || NumberWords.ten(word.plain) != nil
        else { return nil }
        if let count = multiples[word.plain],
            let digit = digit(words[index + 1].plain) ?? words[index + 1].digits, digit.count == 1
        {
            return made(String(repeating: digit, count: count), 2)
        }
        if let ten = NumberWords.ten(word.plain) {
            if index + 1 < words.count, let unit = NumberWords.unit(words[index + 1].plain), (1...9).contains(unit) {
                return made("\(ten + unit)", 2)
            }
            return made("\(ten)")
        }
        if let number = NumberWords.unit(word.plain) { return made("\(number)") }
        if isInside, let digit = homophones[word.plain], isDigit(words[index + 1]) { return made(digit) }
        return nil
    }

    private static func isDigit(_ word: TextWord) -> Bool { word.digits != nil || digit(word.plain) != nil }

    private static func digit(_ word: String) -> String? {
        if zeros.contains(word) { return "0" }
        return NumberWords.unit(word).flatMap { $0 < 10 ? "\($0)" : nil }
    }

    /// Whether only what people put between digits stands between two words.
    private static func isJoined(_ left: TextWord, _ right: TextWord, in text: String) -> Bool {
        let gap = text[left.range.upperBound..<right.range.lowerBound]
        return gap.count <= 5 && gap.allSatisfy { $0.isWhitespace || "-–—.,/()\"'+_…".contains($0) }
    }
}
