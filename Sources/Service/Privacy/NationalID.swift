/// National numbers of persons that carry a check of their own, or a form that nothing else has: the social security number of
/// the USA, the National Insurance number of the UK, the tax number of Germany, DNI and NIE of Spain.
enum NationalID {
    static func spans(
        in text: String, _ words: [TextWord], _ runs: [DigitRun]
    ) -> [PersonalDataMask.Span] {
        let namesSSN = words.contains { ["ssn", "social"].contains($0.plain) }
        return runs.filter { isSSN($0, isNamed: namesSSN) || isGermanTaxNumber($0) }.flatMap(\.pieces)
            .map(PersonalDataMask.Span.init) + withLetters(words)
    }

    /// Nine digits said one by one, or written 123-45-6789, or in any form where it is called so.
    private static func isSSN(_ run: DigitRun, isNamed: Bool) -> Bool {
        let digits = run.digits
        guard digits.count == 9, run.isSpoken || isNamed || run.pieces.map(\.digits.count) == [3, 2, 4] else {
            return false
        }
        let area = digits.prefix(3)
        return area != "000" && area != "666" && area.first != "9" && digits.dropFirst(3).prefix(2) != "00"
            && digits.suffix(4) != "0000"
    }

    /// Eleven digits, of which the last is a check (ISO 7064, mod 11,10), and of the others one or two are not there and one is
    /// there twice or three times.
    private static func isGermanTaxNumber(_ run: DigitRun) -> Bool {
        let digits = run.digits.compactMap(\.wholeNumberValue)
        guard digits.count == 11, digits[0] != 0 else { return false }
        let counts = Dictionary(digits.prefix(10).map { ($0, 1) }, uniquingKeysWith: +).values
        guard counts.filter({ $0 > 1 }).count == 1, counts.allSatisfy({ $0 <= 3 }) else { return false }
        var product = 10
        for digit in digits.prefix(10) {
            let sum = (digit + product) % 10
            product = (sum == 0 ? 10 : sum) * 2 % 11
        }
        return (11 - product) % 10 == digits[10]
    }

    private static func withLetters(_ words: [TextWord]) -> [PersonalDataMask.Span] {
        var spans: [PersonalDataMask.Span] = []
        var index = 0
        while index < words.count {
            var joined = ""
            var end: Int?
            for next in index..<min(index + 9, words.count) {
                joined += words[next].plain
                if joined.utf8.count > 9 { break }
                if isNationalInsurance(joined) || isSpanish(joined) { end = next + 1 }
            }
            guard let end else {
                index += 1
                continue
            }
            spans += words[index..<end].map { PersonalDataMask.Span($0.range, "•") }
            index = end
        }
        return spans
    }

    private static func isNationalInsurance(_ text: String) -> Bool {
        let letters = Array(text)
        guard letters.count == 9, "abceghjklmnoprstwxyz".contains(letters[0]),
            "abceghjklmnprstwxyz".contains(letters[1]),
            letters[2..<8].allSatisfy({ ("0"..."9").contains($0) })
        else { return false }
        return "abcd".contains(letters[8])
    }

    private static func isSpanish(_ text: String) -> Bool {
        var text = text
        guard text.count == 9, let check = text.popLast() else { return false }
        if let first = text.first, let digit = ["x": "0", "y": "1", "z": "2"][first] {
            text = digit + text.dropFirst()
        }
        guard text.allSatisfy({ ("0"..."9").contains($0) }), let number = Int(text) else { return false }
        return Array("trwagmyfpdxbnjzsqvhlcke")[number % 23] == check
    }
}
