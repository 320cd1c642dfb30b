/// How values are said to callers in each language.
extension SpokenLanguage {
    func date(_ date: CivilDate) -> String {
        switch self {
        case .english: SpokenForms.date(date)
        case .spanish: SpanishForms.date(date)
        }
    }

    /// A day with its year.
    func fullDate(_ date: CivilDate) -> String {
        switch self {
        case .english: SpokenForms.fullDate(date)
        case .spanish: SpanishForms.fullDate(date)
        }
    }

    func weekday(_ date: CivilDate) -> String {
        switch self {
        case .english: DateGrammar.weekdays[date.weekday].capitalizedFirst
        case .spanish: SpanishForms.weekday(date)
        }
    }

    func time(_ time: ClockTime) -> String {
        switch self {
        case .english: SpokenForms.time(time)
        case .spanish: SpanishForms.time(time)
        }
    }

    /// When something will be: "today at half past ten", "el martes primero de diciembre a la una". What is not known is left
    /// out.
    func moment(_ date: CivilDate?, _ time: ClockTime?, today: CivilDate) -> String {
        let (day, hour): (String?, String?) =
            switch self {
            case .english:
                (
                    date.map { $0 == today ? "today" : "on \(SpokenForms.date($0))" },
                    time.map { "at \(SpokenForms.time($0))" }
                )
            case .spanish:
                (date.map { $0 == today ? "hoy" : "el \(SpanishForms.date($0))" }, time.map(SpanishForms.at))
            }
        return [day, hour].compactMap(\.self).joined(separator: " ")
    }

    /// "five minutes", "un minuto".
    func minutes(_ count: Int) -> String {
        switch self {
        case .english: "\(NumberWords.speak(count)) minute\(count == 1 ? "" : "s")"
        case .spanish: "\(SpanishNumbers.beforeNoun(count)) minuto\(count == 1 ? "" : "s")"
        }
    }

    func number(_ value: Int) -> String {
        switch self {
        case .english: NumberWords.speak(value)
        case .spanish: SpanishNumbers.speak(value)
        }
    }

    func number(_ value: Double) -> String {
        switch self {
        case .english: SpokenForms.number(value)
        case .spanish: SpanishForms.number(value)
        }
    }

    /// A number, figure by figure, in groups that an ear can keep.
    func digits(_ digits: String) -> String {
        switch self {
        case .english: SpokenForms.digits(digits)
        case .spanish: SpanishForms.digits(digits)
        }
    }

    /// A key of a telephone.
    func key(_ key: String) -> String {
        switch (key, self) {
        case ("*", .english): "star"
        case ("#", .english): "hash"
        case ("*", .spanish): "asterisco"
        case ("#", .spanish): "almohadilla"
        default: digits(key)
        }
    }

    func truth(_ isTrue: Bool) -> String {
        switch self {
        case .english: isTrue ? "yes" : "no"
        case .spanish: isTrue ? "sí" : "no"
        }
    }

    /// - Parameter isChoice: one of them; otherwise all.
    func list(_ items: [String], isChoice: Bool) -> String {
        switch self {
        case .english: SpokenForms.list(items, conjunction: isChoice ? "or" : "and")
        case .spanish: SpanishForms.list(items, isChoice: isChoice)
        }
    }
}
