/// Numbers as they are spoken in English, both ways.
package enum NumberWords {
    package static let units = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
        "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    ]
    package static let tens = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
    private static let unitOrdinals = [
        "zeroth", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
        "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth",
        "nineteenth",
    ]
    private static let tensOrdinals = [
        "", "", "twentieth", "thirtieth", "fortieth", "fiftieth", "sixtieth", "seventieth", "eightieth", "ninetieth",
    ]

    private static let unitValues = Dictionary(uniqueKeysWithValues: units.enumerated().map { ($1, $0) })
    private static let tenValues = Dictionary(
        uniqueKeysWithValues: tens.enumerated().filter { $0.offset >= 2 }.map { ($0.element, $0.offset * 10) })
    private static let ordinalValues: [String: Int] = {
        var values = Dictionary(uniqueKeysWithValues: unitOrdinals.enumerated().map { ($1, $0) })
        for (ten, word) in tensOrdinals.enumerated() where ten >= 2 { values[word] = ten * 10 }
        values["forth"] = 4  // how a recognizer likes to write "fourth"
        return values
    }()

    /// 0...19 for a single word.
    package static func unit(_ word: String) -> Int? { unitValues[word] }

    /// 20, 30 … 90 for a single word.
    package static func ten(_ word: String) -> Int? { tenValues[word] }

    /// A number below one hundred at `start`: "seven", "twenty", "twenty five".
    package static func belowHundred(_ words: [String], at start: Int) -> (value: Int, length: Int)? {
        guard start < words.count else { return nil }
        if let ten = tenValues[words[start]] {
            if start + 1 < words.count, let unit = unitValues[words[start + 1]], (1...9).contains(unit) {
                return (ten + unit, 2)
            }
            return (ten, 1)
        }
        return unitValues[words[start]].map { ($0, 1) }
    }

    /// A cardinal 0...999,999 at `start`, "and" and "a" as people say them.
    package static func cardinal(_ words: [String], at start: Int) -> (value: Int, length: Int)? {
        guard let head = belowThousand(words, at: start) else { return nil }
        var (value, position) = (head.value, start + head.length)
        if position < words.count, words[position] == "thousand", value > 0 {
            value *= 1000
            position += 1
            let rest = position < words.count && words[position] == "and" ? position + 1 : position
            if let tail = belowThousand(words, at: rest), words[rest] != "a" {
                value += tail.value
                position = rest + tail.length
            }
        }
        return (value, position - start)
    }

    private static func belowThousand(_ words: [String], at start: Int) -> (value: Int, length: Int)? {
        guard start < words.count else { return nil }
        var value: Int
        var position = start
        if words[start] == "a", start + 1 < words.count, ["hundred", "thousand"].contains(words[start + 1]) {
            (value, position) = (1, start + 1)
        } else if let small = belowHundred(words, at: start) {
            (value, position) = (small.value, start + small.length)
        } else {
            return nil
        }
        guard position < words.count, words[position] == "hundred", value > 0 else { return (value, position - start) }
        value *= 100
        position += 1
        let rest = position < words.count && words[position] == "and" ? position + 1 : position
        if let tail = belowHundred(words, at: rest), tail.value > 0 {
            value += tail.value
            position = rest + tail.length
        }
        return (value, position - start)
    }

    /// An ordinal 1...99 at `start`: "third", "twenty first".
    package static func ordinal(_ words: [String], at start: Int) -> (value: Int, length: Int)? {
        guard start < words.count else { return nil }
        if let ten = tenValues[words[start]], start + 1 < words.count, let unit = ordinalValues[words[start + 1]],
            (1...9).contains(unit)
        {
            return (ten + unit, 2)
        }
        return ordinalValues[words[start]].flatMap { $0 > 0 ? ($0, 1) : nil }
    }

    /// "seventy two", "one hundred and five", "minus three". Beyond a million the digits one by one.
    package static func speak(_ value: Int) -> String {
        if value < 0 { return "minus " + (value == Int.min ? String(value) : speak(-value)) }
        if value < 20 { return units[value] }
        if value < 100 { return value % 10 == 0 ? tens[value / 10] : tens[value / 10] + " " + units[value % 10] }
        if value < 1000 {
            let head = units[value / 100] + " hundred"
            return value % 100 == 0 ? head : head + " and " + speak(value % 100)
        }
        if value < 1_000_000 {
            let head = speak(value / 1000) + " thousand"
            let rest = value % 1000
            return rest == 0 ? head : head + (rest < 100 ? " and " : " ") + speak(rest)
        }
        return speakDigits(String(value))
    }

    /// "first", "twenty first"; 1...99, beyond that the cardinal.
    package static func speakOrdinal(_ value: Int) -> String {
        guard (1...99).contains(value) else { return speak(value) }
        if value < 20 { return unitOrdinals[value] }
        if value % 10 == 0 { return tensOrdinals[value / 10] }
        return tens[value / 10] + " " + unitOrdinals[value % 10]
    }

    /// "five five five, one two": digit by digit; anything else stays as it is.
    package static func speakDigits(_ digits: String) -> String {
        digits.map { digit in digit.wholeNumberValue.map { units[$0] } ?? String(digit) }.joined(separator: " ")
    }
}
