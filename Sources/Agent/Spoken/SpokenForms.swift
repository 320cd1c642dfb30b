/// How values are said to callers.
package enum SpokenForms {
    /// "Tuesday the first of December".
    package static func date(_ date: CivilDate) -> String {
        let weekday = DateGrammar.weekdays[date.weekday].capitalizedFirst
        let month = DateGrammar.months[date.month - 1].capitalizedFirst
        return "\(weekday) the \(NumberWords.speakOrdinal(date.day)) of \(month)"
    }

    /// "the third of May nineteen eighty five": a day with its year.
    package static func fullDate(_ date: CivilDate) -> String {
        let month = DateGrammar.months[date.month - 1].capitalizedFirst
        return "the \(NumberWords.speakOrdinal(date.day)) of \(month) \(year(date.year))"
    }

    /// "nineteen eighty five", "nineteen oh five", "two thousand and three", "twenty eleven".
    package static func year(_ year: Int) -> String {
        let (century, rest) = (year / 100, year % 100)
        guard (1100...2999).contains(year), year / 10 % 100 != 0 || century % 10 != 0, century != 20 || rest >= 10
        else {
            return NumberWords.speak(year)
        }
        let tail = rest == 0 ? "hundred" : rest < 10 ? "oh \(NumberWords.speak(rest))" : NumberWords.speak(rest)
        return "\(NumberWords.speak(century)) \(tail)"
    }

    /// "half past ten", "quarter to three", "nine o'clock", "nine twenty", "noon".
    package static func time(_ time: ClockTime) -> String {
        if time.minute == 0, time.hour == 12 { return "noon" }
        if time.minute == 0, time.hour == 0 { return "midnight" }
        let hour = NumberWords.speak(twelve(time.hour))
        switch time.minute {
        case 0: return "\(hour) o'clock"
        case 15: return "quarter past \(hour)"
        case 30: return "half past \(hour)"
        case 45: return "quarter to \(NumberWords.speak(twelve(time.hour + 1)))"
        case 1...9: return "\(hour) oh \(NumberWords.speak(time.minute))"
        default: return "\(hour) \(NumberWords.speak(time.minute))"
        }
    }

    /// "five five five, oh one two three": in groups that an ear can keep.
    package static func digits(_ digits: String) -> String {
        grouped(digits.map { $0 == "0" ? "oh" : NumberWords.speakDigits(String($0)) })
    }

    /// Words of figures in threes, the last up to four.
    static func grouped(_ figures: [String]) -> String {
        var groups: [String] = []
        var rest = figures[...]
        while rest.count > 4 {
            groups.append(rest.prefix(3).joined(separator: " "))
            rest = rest.dropFirst(3)
        }
        groups.append(rest.joined(separator: " "))
        return groups.joined(separator: ", ")
    }

    /// "seventy two", "twenty one point five".
    package static func number(_ value: Double) -> String {
        if let whole = Int(exactly: value) { return NumberWords.speak(whole) }
        let text = String(value)
        guard let point = text.firstIndex(of: "."), let whole = Int(text[..<point]) else { return text }
        let sign = value < 0 && whole == 0 ? "minus " : ""
        return sign + NumberWords.speak(whole) + " point "
            + NumberWords.speakDigits(String(text[text.index(after: point)...]))
    }

    /// "nine o'clock, half past ten or noon".
    package static func list(_ items: [String], conjunction: String) -> String {
        guard let last = items.last, items.count > 1 else { return items.first ?? "" }
        return items.dropLast().joined(separator: ", ") + " \(conjunction) " + last
    }

    private static func twelve(_ hour: Int) -> Int { (hour + 11) % 12 + 1 }
}

extension String {
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
