/// Finds digits spoken one by one, as callers give telephone numbers: "oh", "double five", "fifty five", "eight hundred".
struct DigitGrammar {
    let words: [String]

    struct Match: Equatable {
        var digits: String
        var length: Int
    }

    private static let fillers: Set<String> = ["and", "dash", "space", "then"]
    /// Taken for a digit only between digits.
    private static let homophones = [
        "to": "2", "too": "2", "for": "4", "ate": "8", "won": "1", "or": "0", "hundred": "00",
    ]

    /// The longest run that begins at `start`.
    func match(at start: Int) -> Match? {
        var digits = ""
        var position = start
        var end = start
        while position < words.count {
            if let (piece, length) = piece(at: position, afterDigits: !digits.isEmpty) {
                digits += piece
                position += length
                end = position
            } else if !digits.isEmpty, Self.fillers.contains(words[position]) {
                position += 1
            } else {
                break
            }
        }
        return digits.isEmpty ? nil : Match(digits: digits, length: end - start)
    }

    private func piece(at index: Int, afterDigits: Bool) -> (digits: String, length: Int)? {
        let word = words[index]
        if let digit = digit(word) { return (digit, 1) }
        if word == "double" || word == "triple", index + 1 < words.count, let digit = digit(words[index + 1]) {
            return (String(repeating: digit, count: word == "double" ? 2 : 3), 2)
        }
        if let number = NumberWords.belowHundred(words, at: index), number.value >= 10 {
            return (String(number.value), number.length)
        }
        if afterDigits, let digit = Self.homophones[word], word == "hundred" || startsDigits(at: index + 1) {
            return (digit, 1)
        }
        return nil
    }

    private func startsDigits(at index: Int) -> Bool {
        index < words.count && (digit(words[index]) != nil || NumberWords.ten(words[index]) != nil)
    }

    private func digit(_ word: String) -> String? {
        if ["oh", "o", "naught", "nought"].contains(word) { return "0" }
        return NumberWords.unit(word).flatMap { $0 < 10 ? String($0) : nil }
    }
}
