/// Sums of money.
enum MoneyReading {
    private struct Currency {
        let english: (one: String, many: String, cent: String, cents: String)
        let spanish: (one: String, many: String, cent: String, cents: String)

        func words(_ locale: SpeechLocale) -> (one: String, many: String, cent: String, cents: String) {
            locale == .english ? english : spanish
        }
    }

    static func read(_ text: String, _ locale: SpeechLocale) -> String {
        var text = text
        text.replace(/([$€£])\s?(\d[\d.,]*\d|\d)(?:\s?(thousand|million|billion|mil|millones)\b|(k|M|bn)\b)?/) {
            match -> String in
            sum(match.2, scale: match.3 ?? match.4, of: currency(match.1), locale) ?? String(match.0)
        }
        text.replace(/(\d[\d.,]*\d|\d)\s?(€|£|\$|EUR\b|USD\b|GBP\b|MXN\b|CHF\b)/) { match -> String in
            sum(match.1, scale: nil, of: currency(match.2), locale) ?? String(match.0)
        }
        text.replace(/\b(EUR|USD|GBP|MXN|CHF)\s?(\d[\d.,]*\d|\d)/) { match -> String in
            sum(match.2, scale: nil, of: currency(match.1), locale) ?? String(match.0)
        }
        return text
    }

    private static func sum(
        _ written: Substring, scale: Substring?, of currency: Currency?, _ locale: SpeechLocale
    ) -> String? {
        guard let currency, let number = WrittenNumber(written, locale) else { return nil }
        let words = currency.words(locale)
        if let scale {
            let name = scaleName(scale, locale)
            guard let amount = number.words(locale) else { return nil }
            return "\(amount) \(name) \(name.hasPrefix("mill") && locale == .spanish ? "de " : "")\(words.many)"
        }
        guard let whole = Int(number.whole) else { return nil }
        guard number.fraction.isEmpty || number.fraction.count == 2,
            let cents = Int(number.fraction.isEmpty ? "0" : number.fraction)
        else { return number.words(locale).map { "\($0) \(words.many)" } }
        let count = { (value: Int) in locale == .spanish ? NumberWords.beforeNoun(value) : NumberWords.cardinal(value) }
        let main = "\(count(whole)) \(whole == 1 ? words.one : words.many)"
        let rest = "\(count(cents)) \(cents == 1 ? words.cent : words.cents)"
        if cents == 0 { return main }
        return whole == 0 ? rest : "\(main) \(locale == .english ? "and" : "con") \(rest)"
    }

    private static func scaleName(_ scale: Substring, _ locale: SpeechLocale) -> String {
        switch scale {
        case "k", "thousand", "mil": locale == .english ? "thousand" : "mil"
        case "M", "million", "millones": locale == .english ? "million" : "millones"
        default: locale == .english ? "billion" : "mil millones"
        }
    }

    private static func currency(_ sign: Substring) -> Currency? {
        switch sign {
        case "$", "USD":
            Currency(
                english: ("dollar", "dollars", "cent", "cents"), spanish: ("dólar", "dólares", "centavo", "centavos"))
        case "€", "EUR":
            Currency(english: ("euro", "euros", "cent", "cents"), spanish: ("euro", "euros", "céntimo", "céntimos"))
        case "£", "GBP":
            Currency(
                english: ("pound", "pounds", "penny", "pence"), spanish: ("libra", "libras", "penique", "peniques"))
        case "MXN":
            Currency(
                english: ("Mexican peso", "Mexican pesos", "centavo", "centavos"),
                spanish: ("peso", "pesos", "centavo", "centavos"))
        case "CHF":
            Currency(
                english: ("Swiss franc", "Swiss francs", "centime", "centimes"),
                spanish: ("franco suizo", "francos suizos", "céntimo", "céntimos"))
        default: nil
        }
    }
}
