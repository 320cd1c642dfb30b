/// Dates and clock times.
enum DateReading {
    static func read(_ text: String, _ locale: SpeechLocale) -> String {
        var text = text
        guard text.contains(where: \.isNumber) else { return text }
        text.replace(/\b(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::\d{2}(?:\.\d+)?)?(?:Z|[+\-]\d{2}:?\d{2})?)?\b/) {
            match -> String in
            guard let date = date(year: Int(match.1), month: Int(match.2), day: Int(match.3), locale) else {
                return String(match.0)
            }
            guard let hour = match.4.flatMap({ Int($0) }), let minute = match.5.flatMap({ Int($0) }),
                let time = time(hour, minute, nil, locale)
            else { return date }
            return "\(date) \(locale == .english ? "at" : "a las") \(time)"
        }
        text.replace(/\b(\d{1,2})\/(\d{1,2})\/(\d{4})\b/) { match -> String in
            let (first, second) = (Int(match.1), Int(match.2))
            let (month, day) = locale == .english ? (first, second) : (second, first)
            return date(year: Int(match.3), month: month, day: day, locale) ?? String(match.0)
        }
        text = locale == .english ? englishDates(text) : spanishDates(text)
        text.replace(/\b([01]?\d|2[0-4])[:h]([0-5]\d)(?::[0-5]\d)?\b(?:\s*([ap])\.?\s?m\b\.?)?/.ignoresCase()) {
            match -> String in
            guard let hour = Int(match.1), let minute = Int(match.2) else { return String(match.0) }
            return time(hour, minute, match.3?.lowercased(), locale) ?? String(match.0)
        }
        text.replace(/\b(1[0-2]|0?[1-9])\s?([ap])\.?\s?m\b\.?/.ignoresCase()) { match -> String in
            guard let hour = Int(match.1) else { return String(match.0) }
            return time(hour, 0, match.2.lowercased(), locale) ?? String(match.0)
        }
        return text
    }

    // MARK: Dates

    private static func date(year: Int?, month: Int?, day: Int?, _ locale: SpeechLocale) -> String? {
        guard let year, let month, (1...12).contains(month), let day, (1...31).contains(day) else { return nil }
        let name = (locale == .english ? englishMonths : spanishMonths)[month - 1]
        switch locale {
        case .english: return "\(name) \(NumberWords.ordinal(day)), \(NumberWords.year(year))"
        case .spanish: return "\(spanishDay(day)) de \(name) de \(NumberWords.year(year, .spanish))"
        }
    }

    private static func spanishDay(_ day: Int) -> String {
        day == 1 ? "primero" : NumberWords.cardinal(day, .spanish)
    }

    private static func englishDates(_ original: String) -> String {
        var text = original
        guard text.contains(where: \.isUppercase) else { return text }
        text.replace(
            /\b(Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.? ([0-3]?\d)(?:st|nd|rd|th)?\b(?!:)(?:,? (\d{4})\b)?/
        ) { match -> String in
            guard let month = month(match.1), let day = Int(match.2), (1...31).contains(day) else {
                return String(match.0)
            }
            let year = match.3.flatMap { Int($0) }.map { ", " + NumberWords.year($0) } ?? ""
            return "\(month) \(NumberWords.ordinal(day))\(year)"
        }
        text.replace(
            /\b([0-3]?\d)(?:st|nd|rd|th)? (?:of )?(Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\b(?:\.(?=,? [a-z\d]))?(?:,? (\d{4})\b)?/
        ) { match -> String in
            guard let month = month(match.2), let day = Int(match.1), (1...31).contains(day) else {
                return String(match.0)
            }
            let year = match.3.flatMap { Int($0) }.map { ", " + NumberWords.year($0) } ?? ""
            return "the \(NumberWords.ordinal(day)) of \(month)\(year)".replacing("the the", with: "the")
        }
        text.replace("the the ", with: "the ")
        return text
    }

    private static func month(_ name: Substring) -> String? {
        englishMonths.first { $0.hasPrefix(name.prefix(3)) }
    }

    private static func spanishDates(_ original: String) -> String {
        var text = original
        text.replace(
            /\b([0-3]?\d) de (enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)(?: (?:de|del) (\d{4})\b)?/
                .ignoresCase()
        ) { match -> String in
            guard let day = Int(match.1), (1...31).contains(day) else { return String(match.0) }
            let year = match.3.flatMap { Int($0) }.map { " de " + NumberWords.year($0, .spanish) } ?? ""
            return "\(spanishDay(day)) de \(match.2)\(year)"
        }
        return text
    }

    // MARK: Times

    private static func time(_ hour: Int, _ minute: Int, _ half: String?, _ locale: SpeechLocale) -> String? {
        guard hour < 24 || hour == 24 && minute == 0 else { return nil }
        switch locale {
        case .english: return englishTime(hour % 24, minute, half)
        case .spanish: return spanishTime(hour % 24, minute, half)
        }
    }

    private static func englishTime(_ hour: Int, _ minute: Int, _ half: String?) -> String {
        // The twelve-hour clock says which half of the day only when it must.
        let suffix = half.map { "\($0) m" } ?? (hour == 0 ? "a m" : hour > 12 ? "p m" : nil)
        let hours = NumberWords.cardinal(hour % 12 == 0 ? 12 : hour % 12)
        let minutes =
            switch minute {
            case 0: suffix == nil ? "o'clock" : ""
            case 1..<10: "oh " + NumberWords.cardinal(minute)
            default: NumberWords.cardinal(minute)
            }
        return [hours, minutes, suffix ?? ""].filter { !$0.isEmpty }.joined(separator: " ")
    }

    private static func spanishTime(_ hour: Int, _ minute: Int, _ half: String?) -> String {
        let twelve = hour % 12 == 0 ? 12 : hour % 12
        let hours = twelve == 1 ? "una" : NumberWords.cardinal(twelve, .spanish)
        let minutes =
            switch minute {
            case 0: ""
            case 15: " y cuarto"
            case 30: " y media"
            default: " y " + NumberWords.cardinal(minute, .spanish)
            }
        let part: String
        switch (half ?? "", hour) {
        case ("a", _): part = " de la mañana"
        case ("p", let hour):
            part = (12...19).contains(hour % 12 + 12) && hour % 12 < 8 ? " de la tarde" : " de la noche"
        case (_, 13...19): part = " de la tarde"
        case (_, 20...23): part = " de la noche"
        case (_, 0): part = " de la noche"
        default: part = ""
        }
        return hours + minutes + part
    }

    private static let englishMonths = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
    private static let spanishMonths = [
        "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
        "diciembre",
    ]
}
