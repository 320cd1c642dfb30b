/// Abbreviations, acronyms, and signs that stand for a word.
enum WordReading {
    static func read(_ text: String, _ locale: SpeechLocale) -> String {
        var text = text
        for (short, long) in locale == .english ? englishAbbreviations : spanishAbbreviations where text.contains(short)
        {
            text = replacing(short, by: long, in: text)
        }
        let words = locale == .english ? englishSigns : spanishSigns
        for (sign, word) in words where text.contains(sign) { text.replace(sign, with: " \(word) ") }
        text.replace(/(\w)\s?\/\s?(\w)/) { "\($0.1) \(locale == .english ? "or" : "o") \($0.2)" }
        text.replace(/[_~#=|<>{}\[\]\\^*]/, with: " ")
        text.replace(/\b[A-Z][A-Z&]{1,5}(s?)\b/) { match -> String in
            let word = match.0.dropLast(match.1.count)
            guard !asWords.contains(String(word)) else { return word.lowercased() + match.1 }
            guard word.count <= 3 || !word.contains(where: { "AEIOU".contains($0) }) || spelled.contains(String(word))
            else {
                // A word in capitals, as for emphasis.
                return word.lowercased() + match.1
            }
            return word.map(String.init).joined(separator: " ") + (match.1.isEmpty ? "" : "'s")
        }
        return text
    }

    /// Where no letter stands before it.
    private static func replacing(_ short: String, by long: String, in text: String) -> String {
        var result = ""
        var rest = text[...]
        while let range = rest.firstRange(of: short) {
            let before = rest[..<range.lowerBound].last ?? result.last
            result += rest[..<range.lowerBound]
            result += before.map { $0.isLetter } ?? false ? short : long
            rest = rest[range.upperBound...]
        }
        return result + rest
    }

    private static let englishSigns = [
        ("&", "and"), ("@", "at"), ("%", "percent"), ("+", "plus"), ("°", "degrees"), ("$", "dollars"), ("€", "euros"),
        ("£", "pounds"),
    ]
    private static let spanishSigns = [
        ("&", "y"), ("@", "arroba"), ("%", "por ciento"), ("+", "más"), ("°", "grados"), ("$", "dólares"),
        ("€", "euros"), ("£", "libras"),
    ]

    private static let englishAbbreviations = [
        ("and/or", "and or"), ("e.g.", "for example"), ("i.e.", "that is"), ("etc.", "et cetera."),
        ("approx.", "approximately"),
        ("vs.", "versus"),
        ("Dr. ", "Doctor "), ("Mr. ", "Mister "), ("Mrs. ", "Missus "), ("Ms. ", "Miz "), ("Prof. ", "Professor "),
        ("St. ", "Saint "), ("Ave.", "Avenue"), ("Blvd.", "Boulevard"), ("Apt. ", "apartment "),
        ("a.m.", "a m"), ("p.m.", "p m"), ("w/o ", "without "), ("w/ ", "with "),
    ]
    private static let spanishAbbreviations = [
        ("y/o", "y o"), ("p. ej.", "por ejemplo"), ("p.ej.", "por ejemplo"), ("etc.", "etcétera."),
        ("aprox.", "aproximadamente"),
        ("Dr. ", "doctor "), ("Dra. ", "doctora "), ("Sr. ", "señor "), ("Sra. ", "señora "), ("Srta. ", "señorita "),
        ("Ud. ", "usted "), ("Uds. ", "ustedes "), ("Avda. ", "avenida "), ("n.º ", "número "), ("núm. ", "número "),
        ("tel. ", "teléfono "), ("EE. UU.", "Estados Unidos"), ("EE.UU.", "Estados Unidos"),
    ]

    /// Capitals that are read as a word.
    private static let asWords: Set<String> = [
        "OK", "PIN", "ASAP", "NASA", "NATO", "SIM", "RAM", "LASER", "AIDS", "ZIP", "NO", "YES", "NOT", "AND", "OR",
        "MAY",
        "ALL", "NOW", "NEW", "THE", "YOU", "ARE", "IS", "OTAN", "ONU", "SI",
    ]

    /// Longer ones with vowels that are spelled all the same.
    private static let spelled: Set<String> = ["HTML", "ISBN", "ADHD", "AARP"]
}
