/// How values are said to callers in Spanish. ``SpokenForms`` has the English ones.
enum SpanishForms {
    private static let weekdays = ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"]
    private static let months = [
        "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
        "diciembre",
    ]

    static func weekday(_ date: CivilDate) -> String { weekdays[date.weekday] }

    /// "martes primero de diciembre".
    static func date(_ date: CivilDate) -> String { "\(weekday(date)) \(day(date))" }

    /// "tres de mayo de mil novecientos ochenta y cinco": a day with its year.
    static func fullDate(_ date: CivilDate) -> String { "\(day(date)) de \(SpanishNumbers.speak(date.year))" }

    /// "primero de diciembre", "dos de mayo".
    static func day(_ date: CivilDate) -> String {
        "\(date.day == 1 ? "primero" : SpanishNumbers.speak(date.day)) de \(months[date.month - 1])"
    }

    /// "diez y media", "una y cuarto de la tarde", "doce del mediodía"; the article is the sentence's, see ``at(_:)``.
    static func time(_ time: ClockTime) -> String {
        let hour = twelve(time)
        let minutes =
            switch time.minute {
            case 0: ""
            case 15: " y cuarto"
            case 30: " y media"
            default: " y \(SpanishNumbers.speak(time.minute))"
            }
        let part =
            switch time.hour {
            case 12 where time.minute == 0: " del mediodía"
            case 13...19: " de la tarde"
            case 0, 20...23: " de la noche"
            default: ""
            }
        return "\(hour == 1 ? "una" : SpanishNumbers.speak(hour))\(minutes)\(part)"
    }

    /// "a la una", "a las diez y media".
    static func at(_ time: ClockTime) -> String { "\(twelve(time) == 1 ? "a la" : "a las") \(Self.time(time))" }

    /// "seis cero cero, uno dos tres": in groups that an ear can keep.
    static func digits(_ digits: String) -> String { SpokenForms.grouped(SpanishNumbers.digits(digits)) }

    /// "setenta y dos", "veintiuno coma cinco".
    static func number(_ value: Double) -> String {
        if let whole = Int(exactly: value) { return SpanishNumbers.speak(whole) }
        let text = String(value)
        guard let point = text.firstIndex(of: "."), let whole = Int(text[..<point]) else { return text }
        let sign = value < 0 && whole == 0 ? "menos " : ""
        let fraction = SpanishNumbers.digits(String(text[text.index(after: point)...])).joined(separator: " ")
        return "\(sign)\(SpanishNumbers.speak(whole)) coma \(fraction)"
    }

    /// "nueve, diez u once"; before its own sound "o" becomes "u", and "y" becomes "e".
    static func list(_ items: [String], isChoice: Bool) -> String {
        guard let last = items.last, items.count > 1 else { return items.first ?? "" }
        let sound = last.lowercased()
        let conjunction =
            isChoice
            ? (sound.hasPrefix("o") || sound.hasPrefix("ho") ? "u" : "o")
            : ((sound.hasPrefix("i") || sound.hasPrefix("hi")) && !sound.hasPrefix("hie") ? "e" : "y")
        return "\(items.dropLast().joined(separator: ", ")) \(conjunction) \(last)"
    }

    private static func twelve(_ time: ClockTime) -> Int { (time.hour + 11) % 12 + 1 }
}
