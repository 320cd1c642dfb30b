/// Brings text to the one form that everything behind works on: lower-case spoken words.
package enum SpokenText {
    /// The words of `text`: no punctuation, figures spoken ("10:30" → "ten thirty", "1st" → "first").
    ///
    /// Embedded recognizers write such words already; remote ones write "Tuesday, December 1st at 10:30 AM".
    package static func words(_ text: String) -> [String] {
        var lowered = text.lowercased().replacing("\u{2019}", with: "'")
        // "1,200". Looking for it takes longer than all the rest, and an agent's examples are thousands of texts.
        if lowered.contains(","), lowered.contains(where: \.isNumber) {
            lowered = lowered.replacing(/([0-9]),([0-9]{3})(?![0-9])/) { "\($0.1)\($0.2)" }
        }
        let isPhoneNumber = lowered.count(where: \.isNumber) >= 7
        var words: [String] = []
        for piece in lowered.split(whereSeparator: { $0.isWhitespace || "-–—/,;!?\"()".contains($0) }) {
            append(String(piece), to: &words, digitByDigit: isPhoneNumber)
        }
        return words
    }

    /// `words` with contractions taken apart and without articles and hesitations: what understanding compares.
    /// A recognizer drops and swaps those small words more often than it hears them.
    package static func essential(_ words: [String]) -> [String] {
        var result: [String] = []
        for word in words where !fillers.contains(word) {
            if let parts = contractions[word] {
                result += parts
            } else if word.hasSuffix("n't") {
                result += [String(word.dropLast(3)), "not"]
            } else if let mark = word.firstIndex(of: "'"), let ending = endings[String(word[mark...])] {
                result += [String(word[..<mark]), ending]
            } else {
                result.append(word)
            }
        }
        return result
    }

    private static let fillers: Set<String> = ["a", "an", "the", "um", "uh", "er", "erm", "ah", "hm", "hmm", "mhm"]
    private static let contractions = ["can't": ["can", "not"], "won't": ["will", "not"], "let's": ["let", "us"]]
    private static let endings = ["'d": "would", "'m": "am", "'s": "is", "'ll": "will", "'ve": "have", "'re": "are"]

    private static func append(_ piece: String, to words: inout [String], digitByDigit: Bool) {
        let trimmed = piece.trimmingMarks()
        guard !trimmed.isEmpty else { return }
        switch trimmed {
        case _ where trimmed.contains("@"):
            // An address as it is written: "maria.jones@example.com".
            for part in trimmed.split(separator: "@", omittingEmptySubsequences: true).enumerated() {
                if part.offset > 0 { words.append("at") }
                for label in part.element.split(separator: ".").enumerated() {
                    if label.offset > 0 { words.append("dot") }
                    words += label.element.replacing("_", with: " underscore ").split(separator: " ").map(String.init)
                }
            }
        case "a.m", "p.m": words += [String(trimmed.first ?? "a"), "m"]
        case _ where !trimmed.contains(where: \.isNumber): words.append(trimmed.replacing(".", with: ""))
        default: appendFigures(trimmed, to: &words, digitByDigit: digitByDigit)
        }
    }

    /// `10:30`, `10am`, `1st`, `70`, `21.5`, `5551234`, `70°`.
    private static func appendFigures(_ piece: String, to words: inout [String], digitByDigit: Bool) {
        let figures = String(piece.drop { !$0.isNumber }.prefix { $0.isNumber || $0 == ":" || $0 == "." })
        let suffix = String(piece.drop { !$0.isNumber }.dropFirst(figures.count))
        if digitByDigit {
            words += piece.compactMap(\.wholeNumberValue).filter { $0 < 10 }.map { NumberWords.units[$0] }
            return
        }
        let parts = figures.split(whereSeparator: { $0 == ":" || $0 == "." }).map(String.init)
        if figures.contains(":"), parts.count == 2, let hour = Int(parts[0]), let minute = Int(parts[1]), hour < 24 {
            words += NumberWords.speak(hour).split(separator: " ").map(String.init)
            if minute == 0 {
                words.append("o'clock")
            } else {
                if minute < 10 { words.append("oh") }
                words += NumberWords.speak(minute).split(separator: " ").map(String.init)
            }
        } else if figures.contains("."), parts.count == 2, let whole = Int(parts[0]) {
            words += NumberWords.speak(whole).split(separator: " ").map(String.init) + ["point"]
            words += parts[1].compactMap(\.wholeNumberValue).filter { $0 < 10 }.map { NumberWords.units[$0] }
        } else if let value = Int(parts.joined()) {
            let spoken =
                ["st", "nd", "rd", "th"].contains(suffix)
                ? NumberWords.speakOrdinal(value) : NumberWords.speak(value)
            words += spoken.split(separator: " ").map(String.init)
        }
        if suffix == "am" || suffix == "a.m" { words += ["a", "m"] }
        if suffix == "pm" || suffix == "p.m" { words += ["p", "m"] }
    }
}

extension String {
    fileprivate func trimmingMarks() -> String {
        let isMark: (Character) -> Bool = { !$0.isLetter && !$0.isNumber && $0 != "+" }
        var text = self[...]
        while let last = text.last, isMark(last) { text.removeLast() }
        while let first = text.first, isMark(first) { text.removeFirst() }
        return String(text)
    }
}
