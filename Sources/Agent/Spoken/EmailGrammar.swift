/// Finds e-mail addresses as callers spell them: "maria dot jones at example dot com", "j as in john, smith seven at web dot de".
struct EmailGrammar {
    let words: [String]

    struct Match: Equatable {
        var address: String
        var length: Int
    }

    private static let signs = [
        "dot": ".", "point": ".", "period": ".", "underscore": "_", "dash": "-", "hyphen": "-", "minus": "-",
        "plus": "+",
    ]
    /// What announces an address and is never part of one.
    private static let announcements: Set<String> = [
        "my", "email", "e-mail", "mail", "is", "it", "it's", "that's", "that", "address", "the", "you", "can", "me",
        "reach", "send", "to", "yes", "sure", "okay", "please", "write", "would", "be", "under", "so", "um", "uh",
    ]
    private static let longest = 24

    /// The address that begins at `start`, where one can begin.
    func match(at start: Int) -> Match? {
        guard start == 0 || Self.announcements.contains(words[start - 1]) || isAfterReachMeAt(start) else { return nil }
        var address = ""
        var position = start
        while position < words.count, position - start < Self.longest, !isAt(position) {
            guard !Self.announcements.contains(words[position]), let piece = piece(at: position) else { return nil }
            address += piece.text
            position += piece.length
        }
        guard isAt(position), isPart(address) else { return nil }
        position += words.indices.contains(position + 1) && words[position + 1] == "sign" ? 2 : 1
        var domain = ""
        var end: Int?
        while position < words.count, position - start < 2 * Self.longest, let piece = piece(at: position) {
            domain += piece.text
            position += piece.length
            // The longest domain that ends in a plausible last label.
            if let dot = domain.lastIndex(of: "."), dot != domain.startIndex {
                let label = domain[domain.index(after: dot)...]
                if label.count >= 2, label.allSatisfy(\.isLetter), Self.isLastLabel(label) { end = position }
            }
            if end == position, !(words.indices.contains(position) && Self.signs[words[position]] == ".") { break }
        }
        guard let end else { return nil }
        let whole = (start..<end).reduce(into: (text: "", next: start)) { result, index in
            guard index == result.next else { return }
            if isAt(index) {
                result.text += "@"
                result.next = words.indices.contains(index + 1) && words[index + 1] == "sign" ? index + 2 : index + 1
            } else if let piece = piece(at: index) {
                result.text += piece.text
                result.next = index + piece.length
            }
        }
        return Match(address: whole.text, length: end - start)
    }

    /// "you can reach me at …"
    private func isAfterReachMeAt(_ start: Int) -> Bool {
        start >= 2 && words[start - 1] == "at" && ["me", "us", "him", "her"].contains(words[start - 2])
    }

    private func isAt(_ index: Int) -> Bool { words.indices.contains(index) && words[index] == "at" }

    private func isPart(_ text: String) -> Bool { !text.isEmpty && text.first != "." && text.last != "." }

    private static func isLastLabel(_ label: Substring) -> Bool {
        label.count == 2
            || ["com", "net", "org", "edu", "gov", "info", "biz", "app", "dev", "cloud", "example", "health", "email"]
                .contains(label)
    }

    /// A letter, a sign, a number or a word, with "as in" and what follows left out.
    private func piece(at index: Int) -> (text: String, length: Int)? {
        let word = words[index]
        if let sign = Self.signs[word] { return (sign, 1) }
        if word == "double", index + 1 < words.count {
            if ["u", "you"].contains(words[index + 1]) { return ("w", 2) }
            if let digit = NumberWords.unit(words[index + 1]), digit < 10 { return ("\(digit)\(digit)", 2) }
            if words[index + 1].count == 1 { return (words[index + 1] + words[index + 1], 2) }
        }
        if word == "oh" { return ("0", 1) }
        if let number = NumberWords.belowHundred(words, at: index) { return (String(number.value), number.length) }
        guard word.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }) else {
            return nil
        }
        if word.count == 1, index + 3 < words.count, words[index + 1] == "as", words[index + 2] == "in" {
            return (word, 4)
        }
        if word.count == 1, index + 2 < words.count, words[index + 1] == "for" || words[index + 1] == "like" {
            return (word, 3)
        }
        return (word, 1)
    }
}
