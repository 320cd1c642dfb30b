/// Finds amounts of money: "fifty dollars", "two pounds fifty", "ninety nine cents", "a hundred and five euros and ten cents".
///
/// The value is the amount with two decimals and the currency, `50.00 USD`.
struct MoneyGrammar {
    let words: [String]

    struct Match: Equatable {
        var value: String
        var length: Int
    }

    private static let currencies = [
        "dollar": "USD", "dollars": "USD", "buck": "USD", "bucks": "USD", "euro": "EUR", "euros": "EUR",
        "pound": "GBP", "pounds": "GBP", "quid": "GBP", "franc": "CHF", "francs": "CHF",
    ]
    /// The hundredths, by the currency they mean where none was said.
    private static let cents = ["cent": "USD", "cents": "USD", "penny": "GBP", "pence": "GBP"]

    /// The amount that begins at `start`.
    func match(at start: Int) -> Match? {
        guard let amount = amount(at: start) else { return nil }
        var position = start + amount.length
        if let currency = Self.cents[word(position)], amount.hundredths % 100 == 0, amount.hundredths < 10_000 {
            return Match(value: Self.text(amount.hundredths / 100, currency), length: position + 1 - start)
        }
        guard let currency = Self.currencies[word(position)] else { return nil }
        position += 1
        var hundredths = amount.hundredths
        // "and twenty cents", "twenty cents", "fifty"
        let tail = word(position) == "and" ? position + 1 : position
        if hundredths % 100 == 0, let part = NumberWords.belowHundred(words, at: tail), part.value > 0 {
            let end = tail + part.length
            if Self.cents[word(end)] != nil {
                hundredths += part.value
                position = end + 1
            } else if tail == position, end == words.count, part.value >= 10 {
                hundredths += part.value
                position = end
            }
        }
        return Match(value: Self.text(hundredths, currency), length: position - start)
    }

    private func word(_ index: Int) -> String { words.indices.contains(index) ? words[index] : "" }

    /// In hundredths of the currency.
    private func amount(at start: Int) -> (hundredths: Int, length: Int)? {
        if word(start) == "half", word(start + 1) == "a" {
            return word(start + 2) == "million" ? (50_000_000, 3) : (50, 2)
        }
        if word(start) == "a", Self.currencies[word(start + 1)] != nil { return (100, 1) }
        guard let whole = NumberWords.cardinal(words, at: start) else { return nil }
        let end = start + whole.length
        if word(end) == "million" { return (whole.value * 100_000_000, whole.length + 1) }
        if word(end) == "point", let first = NumberWords.unit(word(end + 1)), first < 10 {
            if let second = NumberWords.unit(word(end + 2)), second < 10 {
                return (whole.value * 100 + first * 10 + second, whole.length + 3)
            }
            let tenths = whole.value * 10 + first
            if word(end + 2) == "million" { return (tenths * 10_000_000, whole.length + 3) }
            return (tenths * 10, whole.length + 2)
        }
        if word(end) == "and", word(end + 1) == "a", word(end + 2) == "half" {
            return (whole.value * 100 + 50, whole.length + 3)
        }
        // "nineteen ninety nine dollars"
        if whole.length <= 2, whole.value < 100, let cents = NumberWords.belowHundred(words, at: end),
            cents.value >= 10,
            Self.currencies[word(end + cents.length)] != nil
        {
            return (whole.value * 100 + cents.value, whole.length + cents.length)
        }
        return (whole.value * 100, whole.length)
    }

    private static func text(_ hundredths: Int, _ currency: String) -> String {
        let part = hundredths % 100
        return "\(hundredths / 100).\(part < 10 ? "0" : "")\(part) \(currency)"
    }
}
