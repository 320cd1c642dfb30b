import Foundation

/// Numbers as they are spoken in Spanish, both ways. ``NumberWords`` has the English ones.
enum SpanishNumbers {
    private static let small = [
        "cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce",
        "trece", "catorce", "quince", "dieciséis", "diecisiete", "dieciocho", "diecinueve", "veinte", "veintiuno",
        "veintidós", "veintitrés", "veinticuatro", "veinticinco", "veintiséis", "veintisiete", "veintiocho",
        "veintinueve",
    ]
    private static let tens = [
        "", "", "", "treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa",
    ]
    private static let hundreds = [
        "", "ciento", "doscientos", "trescientos", "cuatrocientos", "quinientos", "seiscientos", "setecientos",
        "ochocientos", "novecientos",
    ]

    /// "setenta y dos", "ciento cinco", "menos tres". From a million on the digits one by one.
    static func speak(_ value: Int) -> String {
        switch value {
        case Int.min: return String(value)
        case ..<0: return "menos " + speak(-value)
        case ..<30: return small[value]
        case ..<100: return tens[value / 10] + (value % 10 == 0 ? "" : " y " + small[value % 10])
        case 100: return "cien"
        case ..<1000: return hundreds[value / 100] + (value % 100 == 0 ? "" : " " + speak(value % 100))
        case ..<1_000_000:
            let head = value < 2000 ? "mil" : beforeNoun(value / 1000) + " mil"
            return value % 1000 == 0 ? head : head + " " + speak(value % 1000)
        default: return digits(String(value)).joined(separator: " ")
        }
    }

    /// What loses its o before what it counts: "un minuto", "veintiún minutos".
    static func beforeNoun(_ value: Int) -> String {
        let words = speak(value)
        if words.hasSuffix("veintiuno") { return "\(words.dropLast("veintiuno".count))veintiún" }
        return words.hasSuffix("uno") ? String(words.dropLast()) : words
    }

    /// A word for each digit; anything else is left out.
    static func digits(_ text: String) -> [String] {
        text.filter(\.isASCII).compactMap(\.wholeNumberValue).map { small[$0] }
    }

    // MARK: Hearing

    /// Without accents, as some recognizers write.
    private static let smallValues = values(small)
    private static let tenValues = values(tens).mapValues { $0 * 10 }
    private static let hundredValues = values(hundreds).mapValues { $0 * 100 }.merging(["cien": 100]) { $1 }

    private static func values(_ words: [String]) -> [String: Int] {
        var values: [String: Int] = [:]
        for (value, word) in words.enumerated() where !word.isEmpty { values[plain(word)] = value }
        return values
    }

    private static func plain(_ word: String) -> String {
        word.folding(options: .diacriticInsensitive, locale: nil)
    }

    /// The digits of a number that is said in figures or in groups: "seiscientos doce, treinta y cuatro, cinco seis". What else
    /// is said is left out.
    static func figures(in words: [String]) -> String {
        let words = words.map(plain)
        var figures = ""
        var index = 0
        while index < words.count {
            guard let (value, length) = belowThousand(words, at: index) else {
                index += 1
                continue
            }
            figures += String(value)
            index += length
        }
        return figures
    }

    private static func belowThousand(_ words: [String], at start: Int) -> (value: Int, length: Int)? {
        guard let hundred = hundredValues[words[start]] else { return belowHundred(words, at: start) }
        guard start + 1 < words.count, let rest = belowHundred(words, at: start + 1), rest.value > 0 else {
            return (hundred, 1)
        }
        return (hundred + rest.value, 1 + rest.length)
    }

    private static func belowHundred(_ words: [String], at start: Int) -> (value: Int, length: Int)? {
        guard let ten = tenValues[words[start]] else { return smallValues[words[start]].map { ($0, 1) } }
        if start + 2 < words.count, words[start + 1] == "y", let unit = smallValues[words[start + 2]],
            (1...9).contains(unit)
        {
            return (ten + unit, 3)
        }
        return (ten, 1)
    }
}
