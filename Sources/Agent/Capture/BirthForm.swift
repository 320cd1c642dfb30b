/// Hears a date of birth.
struct BirthForm: CaptureForm {
    private let today: CivilDate
    private let ages: ClosedRange<Int>
    private let region: SpokenRegion
    private var day: Int?
    private var month: Int?
    private var year: Int?

    init(today: CivilDate, ages: ClosedRange<Int>, region: SpokenRegion) {
        (self.today, self.ages, self.region) = (today, ages, region)
    }

    var isEmpty: Bool { day == nil && month == nil && year == nil }

    var expectation: (kind: Expectation.Kind, longestKeys: Int?) { (.date, 8) }

    var question: String? {
        switch (day, month, year) {
        case (nil, nil, nil): return ""
        case (let day?, let month?, nil): return "I have \(Self.spoken(day: day, month: month)). And which year?"
        case (nil, let month?, _): return "I have \(DateGrammar.months[month - 1].capitalizedFirst). On which day?"
        case (let day?, nil, _): return "I have the \(NumberWords.speakOrdinal(day)). Of which month?"
        case (nil, nil, let year?): return "I have \(SpokenForms.year(year)). And which day and month?"
        case (_?, _?, _?): return nil
        }
    }

    var readBack: String {
        guard let date else { return "" }
        return "That is \(SpokenForms.fullDate(date)). Is that right?"
    }

    var value: JSONValue { date.map { .string($0.description) } ?? .null }

    private var date: CivilDate? {
        guard let day, let month, let year else { return nil }
        return CivilDate(year: year, month: month, day: day)
    }

    mutating func take(_ words: [String], isReadBack: Bool) -> CaptureHearing {
        let (kept, refused) = CaptureWords.correction(words) { words, start in
            let next = words.indices.contains(start) && words[start] == "the" ? start + 1 : start
            return (NumberWords.ordinal(words, at: next)?.length ?? CaptureWords.figureLength(words, next)) + next
                - start
        }
        var found = grammar(kept).parts()
        // "Not fifteen, fifty": the figure stands where the refused one stood.
        if let figure = refused.first.flatMap({ NumberWords.belowHundred($0, at: 0)?.value }) {
            let other = kept.indices.lazy.compactMap { NumberWords.belowHundred(kept, at: $0)?.value }.first
            if let other, found.month == nil {
                found = BirthGrammar.Found()
                if figure == day, other <= 31 { found.day = other }
                if let year, figure == year % 100 { found.year = year - year % 100 + other }
            }
        }
        if found == BirthGrammar.Found(), day != nil, month != nil, year == nil {
            found.year = grammar(kept).bareYear()
        }
        return take(found)
    }

    mutating func take(keys: String) -> CaptureHearing { take(grammar([]).typed(keys)) }

    mutating func forget(named words: [String]) {
        if words.contains("year") {
            year = nil
        } else if words.contains("month") {
            month = nil
        } else if words.contains("day") {
            day = nil
        } else {
            (day, month, year) = (nil, nil, nil)
        }
    }

    private func grammar(_ words: [String]) -> BirthGrammar {
        BirthGrammar(words: words, today: today, ages: ages, region: region)
    }

    private mutating func take(_ found: BirthGrammar.Found) -> CaptureHearing {
        let before = (day, month, year)
        (day, month, year) = (found.day ?? day, found.month ?? month, found.year ?? year)
        guard found.day != nil || found.month != nil || found.year != nil else { return .nothing }
        if let day, let month, day > CivilDate.length(ofMonth: month, year: year ?? 2000) {
            let wrong = Self.spoken(day: day, month: month)
            (self.day, self.month, self.year) = (nil, before.1 == nil ? nil : before.1, year)
            if found.month != nil { self.month = found.month }
            return .invalid("There is no \(wrong)\(year.map { " in \(SpokenForms.year($0))" } ?? "").")
        }
        guard let date else { return .understood }
        if date > today {
            year = nil
            return .invalid("\(SpokenForms.fullDate(date).capitalizedFirst) has not come yet.")
        }
        let age = today.year - date.year - ((today.month, today.day) < (date.month, date.day) ? 1 : 0)
        guard ages.contains(age) else {
            year = nil
            return .invalid(
                "Born \(SpokenForms.year(date.year)) would make an age of \(NumberWords.speak(age)), which cannot be right."
            )
        }
        return .understood
    }

    private static func spoken(day: Int, month: Int) -> String {
        "the \(NumberWords.speakOrdinal(day)) of \(DateGrammar.months[month - 1].capitalizedFirst)"
    }
}
