/// Finds the values in a caller's words. Tolerant of lost articles and prepositions, because recognizers lose them.
package struct EntityParser: Sendable {
    package let lexicon: EntityLexicon

    package init(lexicon: EntityLexicon) {
        self.lexicon = lexicon
    }

    /// The values in `words`, in order, none overlapping.
    ///
    /// - Parameters:
    ///   - words: lower-case spoken words, see ``SpokenText``.
    ///   - today: the day "tomorrow" refers to.
    ///   - expected: what was asked for; it decides what a bare "ten" or "the third" is.
    package func entities(in words: [String], today: CivilDate, expecting expected: EntityKind? = nil) -> [Entity] {
        let dates = DateGrammar(words: words, today: today)
        let times = TimeGrammar(words: words, opens: lexicon.opens, closes: lexicon.closes)
        let digits = DigitGrammar(words: words)
        let names = NameGrammar(words: words, lexicon: lexicon, isExpected: expected == .name)
        var found: [Entity] = []
        var start = 0
        while start < words.count {
            var best: Entity?
            var bestScore = 0
            func consider(_ kind: EntityKind, _ value: String, _ length: Int) {
                // A longer piece explains more; at equal length what was asked for wins.
                let score = length * 2 + (kind == expected ? 3 : 0)
                guard score > bestScore else { return }
                bestScore = score
                best = Entity(
                    kind: kind, value: value, range: start..<(start + length), isNegated: isNegated(words, at: start))
            }
            if lexicon.kinds.contains(.date), let match = dates.match(at: start),
                !match.isWeak || expected == .date || announcesDate(words, before: start, length: match.length)
            {
                consider(.date, match.date.description, match.length)
            }
            if lexicon.kinds.contains(.time), let match = times.match(at: start),
                !match.isWeak || isTime(words, at: start, expected: expected, previous: found.last)
            {
                consider(.time, match.time.description, match.length)
            }
            if lexicon.kinds.contains(.digits), let match = digits.match(at: start),
                match.digits.count >= (expected == .digits ? 3 : 5)
            {
                consider(.digits, match.digits, match.length)
            }
            if lexicon.kinds.contains(.number), let match = number(words, at: start, expected: expected) {
                consider(.number, match.value, match.length)
            }
            if lexicon.kinds.contains(.money), let match = MoneyGrammar(words: words).match(at: start) {
                consider(.money, match.value, match.length)
            }
            if lexicon.kinds.contains(.duration), let match = DurationGrammar(words: words).match(at: start) {
                consider(.duration, match.value, match.length)
            }
            if lexicon.kinds.contains(.email), let match = EmailGrammar(words: words).match(at: start) {
                consider(.email, match.address, match.length)
            }
            if lexicon.kinds.contains(.name), let match = names.match(at: start) {
                consider(match.kind, match.value, match.length)
            }
            for (slot, values) in lexicon.choices {
                if let match = choice(words, at: start, among: values) {
                    consider(.choice(slot: slot), match.value, match.length)
                }
            }
            if let best {
                found.append(best)
                start = best.range.upperBound
            } else {
                start += 1
            }
        }
        return found
    }

    /// `words` with every value replaced by its class: what intents are learned from and recognized by.
    package func classified(_ words: [String], entities: [Entity]) -> [String] {
        var result: [String] = []
        var start = 0
        for entity in entities {
            result += words[start..<entity.range.lowerBound]
            result.append("<\(entity.kind.label)>")
            start = entity.range.upperBound
        }
        return result + words[start...]
    }

    private func isNegated(_ words: [String], at start: Int) -> Bool {
        let before = words[max(0, start - 3)..<start]
        if before.last == "not" || (before.count >= 2 && before.suffix(2) == ["instead", "of"]) { return true }
        return before.count >= 2 && before[before.endIndex - 2] == "not"
            && ["on", "at", "the", "for", "this"].contains(before.last ?? "")
    }

    private func announcesDate(_ words: [String], before start: Int, length: Int) -> Bool {
        guard start > 0, ["on", "for", "to"].contains(words[start - 1]) else { return false }
        let following = start + length < words.count ? words[start + length] : ""
        return words[start] == "the" && !["one", "available", "slot", "time", "appointment"].contains(following)
    }

    private static let timeAnnouncements: Set<String> = [
        "at", "around", "about", "by", "it", "it's", "say", "to", "until", "till", "for", "morning", "afternoon",
        "maybe", "near",
    ]
    /// What may stand before the answer "one" to "at what time?".
    private static let politeWords: Set<String> = ["yes", "no", "then", "well", "okay", "please", "actually", "take"]

    /// What may stand after it: "two trains" are no time.
    private static let answerWords: Set<String> = [
        "would", "is", "works", "work", "sounds", "suits", "please", "in", "on", "at", "if", "then", "for", "might",
        "should",
        "could", "that's", "that", "i", "i'd", "maybe", "or", "o'clock", "sharp", "will", "okay", "yes", "thanks",
        "thank",
    ]

    private func isTime(_ words: [String], at start: Int, expected: EntityKind?, previous: Entity?) -> Bool {
        let before = start > 0 ? words[start - 1] : ""
        if words[start] == "one" || words[start] == "two" {
            // "one" is also "the first one", "two" also "to".
            return Self.timeAnnouncements.contains(before)
                || (expected == .time && (start == 0 || Self.politeWords.contains(before))
                    && (start + 1 == words.count || Self.answerWords.contains(words[start + 1])))
        }
        if expected == .time { return true }
        if lexicon.kinds.contains(.number) { return false }
        if let previous, previous.kind == .date, previous.range.upperBound == start { return true }
        return Self.timeAnnouncements.contains(before)
    }

    private func number(_ words: [String], at start: Int, expected: EntityKind?) -> (value: String, length: Int)? {
        guard let whole = NumberWords.cardinal(words, at: start) else { return nil }
        // "that one", "no one"
        if words[start] == "one", whole.length == 1, expected != .number || words.count > 3 { return nil }
        let end = start + whole.length
        if end + 1 < words.count, words[end] == "point", let digit = NumberWords.unit(words[end + 1]), digit < 10 {
            return ("\(whole.value).\(digit)", whole.length + 2)
        }
        if end + 2 < words.count, words[end...(end + 2)] == ["and", "a", "half"] {
            return ("\(whole.value).5", whole.length + 3)
        }
        return (String(whole.value), whole.length)
    }

    private func choice(
        _ words: [String], at start: Int, among values: [String: [[String]]]
    ) -> (value: String, length: Int)? {
        var best: (value: String, length: Int)?
        for (value, forms) in values {
            for form in forms where form.count > best?.length ?? 0 && words[start...].starts(with: form) {
                best = (value, form.count)
            }
        }
        return best
    }
}
