/// E-mail and web addresses, and telephone numbers.
enum AddressReading {
    static func read(_ text: String, _ locale: SpeechLocale) -> String {
        var text = text
        if text.contains("@") {
            text.replace(/[\w.+\-]+@[\w\-]+(?:\.[\w\-]+)*\w/) { address(String($0.0), locale) }
        }
        if text.contains("://") || text.contains("www.") {
            text.replace(/(?:https?:\/\/(?:www\.)?|www\.)([\w\-]+(?:\.[\w\-]+)+(?:\/[\w\-.~%\/]*[\w\/])?)(?:\?[^\s]*)?/)
            {
                address(String($0.1.last == "/" ? $0.1.dropLast() : $0.1), locale)
            }
        }
        // A bare domain of a well-known kind.
        text.replace(
            /\b[a-z0-9][\w\-]*(?:\.[\w\-]+)*\.(?:com|org|net|edu|gov|io|es|co\.uk|de|eu|info)\b(?:\/[\w\-\/]*\w)?/
        ) {
            address(String($0.0), locale)
        }
        return telephone(text, locale)
    }

    private static func address(_ text: String, _ locale: SpeechLocale) -> String {
        let signs: [Character: String] =
            locale == .english
            ? [
                "@": "at", ".": "dot", "/": "slash", "-": "dash", "_": "underscore", "+": "plus", "~": "tilde",
                "%": "percent",
            ]
            : [
                "@": "arroba", ".": "punto", "/": "barra", "-": "guion", "_": "guion bajo", "+": "más", "~": "tilde",
                "%": "por ciento",
            ]
        var result = ""
        for character in text {
            if let sign = signs[character] {
                result += " \(sign) "
            } else if let digit = character.wholeNumberValue {
                result += " \(NumberWords.cardinal(digit, locale)) "
            } else {
                result.append(character)
            }
        }
        return result.split(separator: " ").joined(separator: " ")
    }

    /// Numbers that look like telephone numbers: international ones, ones with an area code in brackets, and groups of three
    /// and four digits.
    private static func telephone(_ text: String, _ locale: SpeechLocale) -> String {
        var text = text
        guard text.contains(where: \.isNumber) else { return text }
        text.replace(/\+\d(?:[\d \-.()]{5,18})\d\b/, unlessAfter: \.isOfWord) { groups(String($0.output), locale) }
        text.replace(/\(\d{2,4}\)[ \-]?\d{3}[ \-]?\d{3,4}\b/, unlessAfter: \.isOfWord) {
            groups(String($0.output), locale)
        }
        text.replace(
            /(?:\d{3}[\-. ]\d{3}[\-.]|\d{3}-)\d{4}\b(?!-\d)/, unlessAfter: { $0.isOfWord || "-.,".contains($0) }
        ) { groups(String($0.output), locale) }
        return text
    }

    private static func groups(_ number: String, _ locale: SpeechLocale) -> String {
        let parts = number.split { !$0.isNumber && $0 != "+" }
        let spoken = parts.map { part in
            let plus = part.hasPrefix("+") ? (locale == .english ? "plus " : "más ") : ""
            return plus + grouped(part.filter(\.isNumber), locale)
        }
        return spoken.joined(separator: ", ")
    }

    /// Long groups in threes, with the pauses in which people say them.
    private static func grouped(_ digits: String, _ locale: SpeechLocale) -> String {
        guard digits.count > 4 else { return NumberWords.digits(digits, locale) }
        var parts: [String] = []
        var rest = digits[...]
        while !rest.isEmpty {
            let size = rest.count == 4 ? 4 : 3
            parts.append(NumberWords.digits(rest.prefix(size), locale))
            rest = rest.dropFirst(size)
        }
        return parts.joined(separator: ", ")
    }
}
