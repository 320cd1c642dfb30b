/// Telephone numbers by their form: 7 to 15 digits that are no date, no price, and not called something else.
enum PhoneForm {
    private static let other: Set<String> = [
        "order", "invoice", "ticket", "reference", "booking", "policy", "tracking", "confirmation", "case", "account",
    ]
    private static let currencies: Set<String> = [
        "dollars", "euros", "euro", "pounds", "usd", "eur", "gbp", "percent", "cents",
    ]

    static func fits(_ run: DigitRun, in text: String, _ words: [TextWord]) -> Bool {
        guard (7...15).contains(run.digits.count), !isDate(run.pieces), !isPrice(run, in: text, words) else {
            return false
        }
        let before = words.prefix { $0.range.upperBound <= run.range.lowerBound }.suffix(4)
        return !before.contains { other.contains($0.plain) }
    }

    private static func isDate(_ pieces: [DigitRun.Piece]) -> Bool {
        guard pieces.count == 3, !pieces.contains(where: \.isSpoken) else { return false }
        let numbers = pieces.compactMap { Int($0.digits) }
        let lengths = pieces.map(\.digits.count)
        func isDay(_ first: Int, _ second: Int) -> Bool {
            (1...31).contains(first) && (1...31).contains(second) && min(first, second) <= 12
        }
        if lengths[0] == 4 { return lengths[1] <= 2 && lengths[2] <= 2 && isDay(numbers[1], numbers[2]) }
        return lengths[2] == 4 && lengths[0] <= 2 && lengths[1] <= 2 && isDay(numbers[0], numbers[1])
    }

    private static func isPrice(_ run: DigitRun, in text: String, _ words: [TextWord]) -> Bool {
        let before = text[..<run.range.lowerBound].last { !$0.isWhitespace }
        let after = text[run.range.upperBound...].first { !$0.isWhitespace }
        if before?.isCurrencySymbol == true || after?.isCurrencySymbol == true || after == "%" { return true }
        let next = words.first { $0.range.lowerBound >= run.range.upperBound }
        return next.map { currencies.contains($0.plain) } ?? false
    }
}
