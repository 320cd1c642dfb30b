/// Numbers as words. A table of our own: `NumberFormatter`'s spelling differs between systems, and is not there on all.
package enum NumberWords {
    /// Larger ones are said digit by digit.
    static let largest = 999_999_999_999

    /// `1234` → one thousand two hundred thirty-four.
    package static func cardinal(_ number: Int, _ locale: SpeechLocale = .english) -> String {
        guard number >= 0 else { return (locale == .english ? "minus " : "menos ") + cardinal(-number, locale) }
        guard number <= largest else { return digits(String(number), locale) }
        switch locale {
        case .english: return english(number)
        case .spanish: return spanish(number)
        }
    }

    /// `1` → first. Spanish has them up to ten in speech; beyond, the number itself.
    package static func ordinal(_ number: Int, _ locale: SpeechLocale = .english) -> String {
        switch locale {
        case .english: return englishOrdinal(number)
        case .spanish: return spanishOrdinals[number] ?? cardinal(number, .spanish)
        }
    }

    /// `2026` → twenty twenty-six in English; as a number in Spanish.
    package static func year(_ number: Int, _ locale: SpeechLocale = .english) -> String {
        guard locale == .english, (1100...2099).contains(number), !(2000...2009).contains(number) else {
            return cardinal(number, locale)
        }
        let rest = number % 100
        if rest == 0 { return english(number / 100) + " hundred" }
        return english(number / 100) + " " + (rest < 10 ? "oh " : "") + english(rest)
    }

    /// Each digit of `text`, what else it holds left out.
    package static func digits(_ text: some StringProtocol, _ locale: SpeechLocale = .english) -> String {
        text.compactMap(\.wholeNumberValue).map { cardinal($0, locale) }.joined(separator: " ")
    }

    /// `3.14` → three point one four. Nil for what is no decimal number.
    package static func decimal(_ text: some StringProtocol, _ locale: SpeechLocale = .english) -> String? {
        let separator: Character = locale == .english ? "." : ","
        let parts = text.split(separator: separator, omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = Int(parts[0]) else { return nil }
        guard parts.count == 2 else { return cardinal(whole, locale) }
        let point = locale == .english ? " point " : " coma "
        let sign = parts[0].hasPrefix("-") && whole == 0 ? (locale == .english ? "minus " : "menos ") : ""
        return sign + cardinal(whole, locale) + point + digits(parts[1], locale)
    }

    // MARK: English

    private static let englishSmall = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
        "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    ]
    private static let englishTens = [
        "", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
    ]

    private static func english(_ number: Int) -> String {
        switch number {
        case 0..<20: return englishSmall[number]
        case 20..<100:
            return englishTens[number / 10] + (number % 10 == 0 ? "" : "-" + englishSmall[number % 10])
        case 100..<1000: return joined(englishSmall[number / 100] + " hundred", number % 100, english)
        case 1000..<1_000_000: return joined(english(number / 1000) + " thousand", number % 1000, english)
        case 1_000_000..<1_000_000_000:
            return joined(english(number / 1_000_000) + " million", number % 1_000_000, english)
        default: return joined(english(number / 1_000_000_000) + " billion", number % 1_000_000_000, english)
        }
    }

    private static let irregularOrdinals = [
        "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth",
        "twelve": "twelfth",
    ]

    private static func englishOrdinal(_ number: Int) -> String {
        let words = cardinal(number, .english)
        let start = words.lastIndex { $0 == "-" || $0 == " " }.map(words.index(after:)) ?? words.startIndex
        let last = String(words[start...])
        let ordinal =
            irregularOrdinals[last] ?? (last.hasSuffix("y") ? String(last.dropLast()) + "ieth" : last + "th")
        return "\(words[..<start])\(ordinal)"
    }

    // MARK: Spanish

    private static let spanishSmall = [
        "cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce",
        "trece", "catorce", "quince", "dieciséis", "diecisiete", "dieciocho", "diecinueve", "veinte", "veintiuno",
        "veintidós", "veintitrés", "veinticuatro", "veinticinco", "veintiséis", "veintisiete", "veintiocho",
        "veintinueve",
    ]
    private static let spanishTens = [
        "", "", "", "treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa",
    ]
    private static let spanishHundreds = [
        "", "ciento", "doscientos", "trescientos", "cuatrocientos", "quinientos", "seiscientos", "setecientos",
        "ochocientos", "novecientos",
    ]
    private static let spanishOrdinals = [
        1: "primero", 2: "segundo", 3: "tercero", 4: "cuarto", 5: "quinto", 6: "sexto", 7: "séptimo", 8: "octavo",
        9: "noveno", 10: "décimo",
    ]

    private static func spanish(_ number: Int) -> String {
        switch number {
        case 0..<30: return spanishSmall[number]
        case 30..<100:
            return spanishTens[number / 10] + (number % 10 == 0 ? "" : " y " + spanishSmall[number % 10])
        case 100: return "cien"
        case 101..<1000: return joined(spanishHundreds[number / 100], number % 100, spanish)
        case 1000..<2000: return joined("mil", number % 1000, spanish)
        case 2000..<1_000_000: return joined(beforeNoun(number / 1000) + " mil", number % 1000, spanish)
        case 1_000_000..<2_000_000: return joined("un millón", number % 1_000_000, spanish)
        default: return joined(beforeNoun(number / 1_000_000) + " millones", number % 1_000_000, spanish)
        }
    }

    /// `uno` loses its o before what it counts: un euro, veintiún mil.
    static func beforeNoun(_ number: Int) -> String {
        let words = spanish(number)
        if words.hasSuffix("veintiuno") { return "\(words.dropLast(9))veintiún" }
        return words.hasSuffix("uno") ? String(words.dropLast()) : words
    }

    private static func joined(_ head: String, _ rest: Int, _ spell: (Int) -> String) -> String {
        rest == 0 ? head : head + " " + spell(rest)
    }
}
