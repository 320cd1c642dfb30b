/// Finds what a text states, written or spoken: "$42.00" and "forty two dollars" are the same.
struct StatedValues {
    /// A word of the text as it is written, in lower case with its marks taken off, and the spoken words that it is.
    struct Token {
        var raw: Substring
        var plain: String
        var isCapital: Bool
        var beginsSentence: Bool
    }

    var tokens: [Token] = []
    var words: [String] = []
    /// Spoken word → its token.
    var origins: [Int] = []
    var values: [StatedValue] = []
    let today: CivilDate
    /// The text is a tool's result.
    let isData: Bool

    /// Everything that `text` states, in no order.
    static func all(in text: String, today: CivilDate) -> [StatedValue] {
        var reader = StatedValues(today: today, isData: text.first.map { "{[".contains($0) } ?? false)
        reader.tokenize(text)
        reader.settleClock()
        reader.readWords()
        reader.readNames()
        return reader.values
    }

    private init(today: CivilDate, isData: Bool) { (self.today, self.isData) = (today, isData) }

    /// What a currency is called → its code.
    static let currencyNames: [String: String] = [
        "dollar": "USD", "dollars": "USD", "bucks": "USD", "usd": "USD", "euro": "EUR", "euros": "EUR", "eur": "EUR",
        "pound": "GBP", "pounds": "GBP", "gbp": "GBP", "francs": "CHF", "chf": "CHF",
    ]

    /// Adds a word as it is written, with the spoken words that it is.
    mutating func add(token: Substring, plain: String, isCapital: Bool, begins: Bool, spoken: [String]) {
        tokens.append(Token(raw: token, plain: plain, isCapital: isCapital, beginsSentence: begins))
        for word in spoken where !word.isEmpty {
            words.append(word)
            origins.append(tokens.count - 1)
        }
        // What a figure was read as does not run into the next one.
        if spoken.isEmpty {
            words.append("|")
            origins.append(tokens.count - 1)
        }
    }

    /// What stands there in the text.
    func text(_ range: Range<Int>) -> String {
        var seen = -1
        return range.compactMap { index in
            defer { seen = origins[index] }
            return origins[index] == seen ? nil : String(tokens[origins[index]].raw)
        }.joined(separator: " ")
    }

    // MARK: Names

    /// Written with a capital wherever they stand.
    private static let noNames: Set<String> = Set(DateGrammar.weekdays + DateGrammar.months).union([
        "i", "i'm", "i'll", "i've", "i'd", "ok", "okay", "mr", "mrs", "ms", "dr", "doctor", "miss", "mister", "am",
        "pm",
        "english", "a.m", "p.m", "yes", "no", "sir", "madam", "ma'am", "thanks", "hello", "hi", "please", "sorry",
    ])

    private mutating func readNames() {
        var index = 0
        while index < tokens.count {
            let start = index
            while index < tokens.count, isNamePart(index), index == start || !tokens[index].beginsSentence {
                index += 1
            }
            guard index > start else {
                index += 1
                continue
            }
            // A capital at the beginning of a sentence tells nothing, unless more of them follow.
            let first = tokens[start].beginsSentence ? start + 1 : start
            guard first < index else { continue }
            let range = first..<index
            let parts = range.map { index in
                let plain = tokens[index].plain
                return plain.hasSuffix("'s") ? String(plain.dropLast(2)) : plain
            }
            values.append(
                StatedValue(
                    kind: .name(parts), text: range.map { String(tokens[$0].raw) }.joined(separator: " ")))
        }
    }

    private func isNamePart(_ index: Int) -> Bool {
        let token = tokens[index]
        return token.isCapital && !token.plain.isEmpty && !Self.noNames.contains(token.plain)
    }
}
