/// What is left of numbers: percentages, measures, ordinals, ranges, years, fractions, long ones.
enum NumberReading {
    static func read(_ text: String, _ locale: SpeechLocale) -> String {
        var text = text
        guard text.contains(where: \.isNumber) else { return text }
        text.replace(/(-?\d[\d.,]*\d|-?\d)\s?%/) { match -> String in
            guard let words = WrittenNumber(match.1, locale)?.words(locale) else { return String(match.0) }
            return words + (locale == .english ? " percent" : " por ciento")
        }
        text.replace(
            /(-?\d[\d.,]*\d|-?\d)\s?(°\s?[CF]|°|km\/h|mph|km|cm|mm|kg|mg|ml|ft|lbs?|oz|GB|MB|kB|min|hrs?|kW|mi|h|m|g|l|s)(?![\w\/])/
        ) {
            match -> String in
            guard let number = WrittenNumber(match.1, locale), let words = number.words(locale),
                let unit = unit(
                    String(match.2).filter { !$0.isWhitespace }, isOne: number.whole == "1" && number.fraction.isEmpty,
                    locale)
            else { return String(match.0) }
            return "\(words) \(unit)"
        }
        if locale == .english {
            text.replace(/\b(\d{1,6})(?:st|nd|rd|th)\b/) { match -> String in
                Int(match.1).map { NumberWords.ordinal($0) } ?? String(match.0)
            }
        } else {
            text.replace(/\b(\d{1,2})[.]?[ºª°]/) { match -> String in
                guard let number = Int(match.1) else { return String(match.0) }
                let words = NumberWords.ordinal(number, .spanish)
                return match.0.last == "ª" && words.hasSuffix("o") ? "\(words.dropLast())a" : words
            }
        }
        text.replace(/\b(\d{1,4})\s?-\s?(\d{1,4})\b(?!-)/) { match -> String in
            "\(match.1) \(locale == .english ? "to" : "a") \(match.2)"
        }
        text.replace(/(\d+)\s?[xX×]\s?(\d+)\b/, unlessAfter: { $0.isOfWord || $0 == "." }) {
            "\($0.output.1) \(locale == .english ? "by" : "por") \($0.output.2)"
        }
        text.replace(/([13])\/([234])(?![\w\/])/, unlessAfter: { $0.isOfWord || $0 == "/" }) {
            fraction($0.output.1, $0.output.2, locale) ?? String($0.output.0)
        }
        text.replace(/-?\d[\d.,]*\d(?!\w)|-?\d(?!\w)/, unlessAfter: { $0.isOfWord || ".,".contains($0) }) {
            plain($0.output, locale)
        }
        // Digits in the middle of a code: said one by one.
        text.replace(/\d+/) { " \(NumberWords.digits($0.0, locale)) " }
        return text
    }

    private static func plain(_ written: Substring, _ locale: SpeechLocale) -> String {
        let digits = written.filter(\.isNumber)
        let isWhole = digits.count == written.count
        if isWhole, digits.count >= 7 || digits.hasPrefix("0") && digits.count > 1 {
            return NumberWords.digits(digits, locale)
        }
        if isWhole, digits.count == 4, let number = Int(digits), (1100...2099).contains(number) {
            return NumberWords.year(number, locale)
        }
        if let words = WrittenNumber(written, locale)?.words(locale) { return words }
        // A version or a section: 2.1.3.
        let point = locale == .english ? " point " : " punto "
        let parts = written.split { $0 == "." || $0 == "," }
        return parts.map { NumberWords.cardinal(Int($0) ?? 0, locale) }.joined(separator: point)
    }

    private static func fraction(_ top: Substring, _ bottom: Substring, _ locale: SpeechLocale) -> String? {
        switch (top, bottom, locale) {
        case ("1", "2", .english): "one half"
        case ("1", "3", .english): "one third"
        case ("1", "4", .english): "one quarter"
        case ("3", "4", .english): "three quarters"
        case ("1", "2", .spanish): "medio"
        case ("1", "3", .spanish): "un tercio"
        case ("1", "4", .spanish): "un cuarto"
        case ("3", "4", .spanish): "tres cuartos"
        default: nil
        }
    }

    private static func unit(_ sign: String, isOne: Bool, _ locale: SpeechLocale) -> String? {
        guard let names = units[sign] else { return nil }
        let (one, many) = locale == .english ? (names.0, names.1) : (names.2, names.3)
        return isOne ? one : many
    }

    /// One and many in English, one and many in Spanish.
    private static let units: [String: (String, String, String, String)] = [
        "°C": ("degree celsius", "degrees celsius", "grado centígrado", "grados centígrados"),
        "°F": ("degree fahrenheit", "degrees fahrenheit", "grado fahrenheit", "grados fahrenheit"),
        "°": ("degree", "degrees", "grado", "grados"),
        "km/h": ("kilometer per hour", "kilometers per hour", "kilómetro por hora", "kilómetros por hora"),
        "mph": ("mile per hour", "miles per hour", "milla por hora", "millas por hora"),
        "km": ("kilometer", "kilometers", "kilómetro", "kilómetros"),
        "m": ("meter", "meters", "metro", "metros"),
        "cm": ("centimeter", "centimeters", "centímetro", "centímetros"),
        "mm": ("millimeter", "millimeters", "milímetro", "milímetros"),
        "mi": ("mile", "miles", "milla", "millas"),
        "ft": ("foot", "feet", "pie", "pies"),
        "kg": ("kilogram", "kilograms", "kilo", "kilos"),
        "g": ("gram", "grams", "gramo", "gramos"),
        "mg": ("milligram", "milligrams", "miligramo", "miligramos"),
        "lb": ("pound", "pounds", "libra", "libras"),
        "lbs": ("pound", "pounds", "libra", "libras"),
        "oz": ("ounce", "ounces", "onza", "onzas"),
        "l": ("liter", "liters", "litro", "litros"),
        "ml": ("milliliter", "milliliters", "mililitro", "mililitros"),
        "GB": ("gigabyte", "gigabytes", "gigabyte", "gigabytes"),
        "MB": ("megabyte", "megabytes", "megabyte", "megabytes"),
        "kB": ("kilobyte", "kilobytes", "kilobyte", "kilobytes"),
        "kW": ("kilowatt", "kilowatts", "kilovatio", "kilovatios"),
        "min": ("minute", "minutes", "minuto", "minutos"),
        "h": ("hour", "hours", "hora", "horas"),
        "hr": ("hour", "hours", "hora", "horas"),
        "hrs": ("hour", "hours", "hora", "horas"),
        "s": ("second", "seconds", "segundo", "segundos"),
    ]
}
