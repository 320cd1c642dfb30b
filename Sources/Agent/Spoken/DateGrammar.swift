/// Finds days as callers say them, relative to today.
///
/// A bare, "this" or "on" weekday is the next such day strictly after today; "next" weekday is that day of the following
/// Monday-to-Sunday week. A day and month without a year is the next one that comes.
struct DateGrammar {
    let words: [String]
    let today: CivilDate

    static let weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    static let months = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
        "december",
    ]
    private static let weekdayNumbers = Dictionary(uniqueKeysWithValues: weekdays.enumerated().map { ($1, $0) })
    private static let monthNumbers = Dictionary(uniqueKeysWithValues: months.enumerated().map { ($1, $0 + 1) })

    struct Match: Equatable {
        var date: CivilDate
        var length: Int
        /// A bare "third" or "the third": a date only where one is expected.
        var isWeak = false
    }

    /// The longest date that begins at `start`.
    func match(at start: Int) -> Match? {
        let candidates = [
            relativeDay(at: start), span(at: start), dayOfMonth(at: start), weekday(at: start),
        ].compactMap(\.self)
        return candidates.max { $0.length < $1.length }
    }

    private func word(_ index: Int) -> String { words.indices.contains(index) ? words[index] : "" }

    private func skippingArticle(_ index: Int) -> Int { ["the", "a"].contains(word(index)) ? index + 1 : index }

    private func weekdayNumber(_ index: Int) -> Int? {
        let spoken = word(index)
        return Self.weekdayNumbers[spoken]
            ?? (spoken.hasSuffix("'s") ? Self.weekdayNumbers[String(spoken.dropLast(2))] : nil)
            ?? (spoken.hasSuffix("s") ? Self.weekdayNumbers[String(spoken.dropLast())] : nil)
    }

    // "today", "tomorrow", "the day after tomorrow", "day after"
    private func relativeDay(at start: Int) -> Match? {
        switch word(start) {
        case "today", "tonight": return Match(date: today, length: 1)
        case "tomorrow":
            if word(start + 1) == "week" { return Match(date: today.adding(days: 8), length: 2) }
            return Match(date: today.adding(days: 1), length: 1)
        default: break
        }
        let day = skippingArticle(start)
        guard word(day) == "day", word(day + 1) == "after" else { return nil }
        guard word(day + 2) == "tomorrow" else { return nil }
        return Match(date: today.adding(days: 2), length: day + 3 - start)
    }

    // "in two weeks", "two weeks from today", "a week from tuesday", "in a fortnight"
    private func span(at start: Int) -> Match? {
        let hasIn = ["in", "within"].contains(word(start))
        var position = hasIn ? start + 1 : start
        var count: Int?
        if word(position) == "a", word(position + 1) == "couple" {
            count = 2
            position += word(position + 2) == "of" ? 3 : 2
        } else if word(position) == "a" || word(position) == "one" {
            (count, position) = (1, position + 1)
        } else if let number = NumberWords.belowHundred(words, at: position) {
            (count, position) = (number.value, position + number.length)
        } else if hasIn, ["week", "fortnight", "month"].contains(word(position)) {
            count = 1  // "in week's time" with its article lost
        }
        guard let count, count > 0 else { return nil }
        let unit = word(position)
        position += 1
        let days: Int?
        switch unit {
        case "day", "days", "day's", "days'": days = count
        case "week", "weeks", "week's", "weeks'": days = count * 7
        case "fortnight": days = count * 14
        case "month", "months", "month's": days = nil
        default: return nil
        }
        if word(position) == "time" { position += 1 }
        if ["from", "on", "after"].contains(word(position)) {
            if ["now", "today"].contains(word(position + 1)) {
                position += 2
            } else if word(position + 1) == "tomorrow", let days {
                return Match(date: today.adding(days: days + 1), length: position + 2 - start)
            } else if let weekday = weekdayNumber(position + 1), let days {
                return Match(date: today.next(weekday: weekday).adding(days: days), length: position + 2 - start)
            } else if !hasIn {
                return nil
            }
        } else if word(position) == "today" {
            position += 1
        } else if !hasIn {
            return nil
        }
        let date = days.map { today.adding(days: $0) } ?? today.adding(months: count)
        return Match(date: date, length: position - start)
    }

    // "tuesday", "next tuesday", "this coming tuesday", "tuesday next week", "next week tuesday", "tuesday week"
    private func weekday(at start: Int) -> Match? {
        var position = start
        var isNext = false
        if ["this", "coming", "next", "following"].contains(word(position)) {
            isNext = word(position) == "next" || word(position) == "following"
            position += 1
            if word(position) == "coming" { position += 1 }
            if isNext, ["week", "week's", "weeks"].contains(word(position)) {
                position += 1
                if word(position) == "on" { position += 1 }
            }
        }
        guard let day = weekdayNumber(position) else { return nil }
        position += 1
        if let dated = monthDay(at: skippingArticle(position), weekday: day), !isNext {
            return Match(date: dated.date, length: skippingArticle(position) + dated.length - start)
        }
        let afterOf = word(position) == "of" ? position + 1 : position
        if word(afterOf) == "next", word(afterOf + 1) == "week" {
            return Match(date: today.inNextWeek(weekday: day), length: afterOf + 2 - start)
        }
        if word(position) == "this", word(position + 1) == "week" {
            return Match(date: today.next(weekday: day), length: position + 2 - start)
        }
        if word(position) == "week" {
            return Match(date: today.next(weekday: day).adding(days: 7), length: position + 1 - start)
        }
        if word(position) == "after", word(position + 1) == "next" {
            return Match(date: today.inNextWeek(weekday: day).adding(days: 7), length: position + 2 - start)
        }
        let date = isNext ? today.inNextWeek(weekday: day) : today.next(weekday: day)
        return Match(date: date, length: position - start)
    }

    // "the third of december", "december fourth", "the third"
    private func dayOfMonth(at start: Int) -> Match? {
        let begin = skippingArticle(start)
        guard let dated = monthDay(at: begin, weekday: nil) else { return nil }
        return Match(date: dated.date, length: begin + dated.length - start, isWeak: dated.isWeak)
    }

    /// A day and perhaps a month at `start`. A `weekday` said before it chooses among the months when none was said.
    private func monthDay(at start: Int, weekday: Int?) -> Match? {
        if let month = Self.monthNumbers[word(start)] {
            let begin = skippingArticle(start + 1)
            let day =
                NumberWords.ordinal(words, at: begin)
                ?? NumberWords.belowHundred(words, at: begin).flatMap { $0.value > 0 ? $0 : nil }
            guard let day, let date = upcoming(month: month, day: day.value) else { return nil }
            return Match(date: date, length: begin + day.length - start)
        }
        if let day = NumberWords.ordinal(words, at: start) {
            var position = start + day.length
            if word(position) == "of" { position = skippingArticle(position + 1) }
            if let month = Self.monthNumbers[word(position)], let date = upcoming(month: month, day: day.value) {
                return Match(date: date, length: position + 1 - start)
            }
            if word(position) == "this" || word(position) == "next", word(position + 1) == "month" {
                let base = today.adding(months: word(position) == "next" ? 1 : 0)
                if let date = CivilDate(year: base.year, month: base.month, day: day.value) {
                    return Match(date: date, length: position + 2 - start)
                }
            }
            guard let date = upcoming(day: day.value, weekday: weekday) else { return nil }
            return Match(date: date, length: day.length, isWeak: weekday == nil)
        }
        // "the four of december": an ordinal that lost its ending.
        if let day = NumberWords.belowHundred(words, at: start), day.value > 0 {
            var position = start + day.length
            let hasOf = word(position) == "of"
            if hasOf { position = skippingArticle(position + 1) }
            if let month = Self.monthNumbers[word(position)], let date = upcoming(month: month, day: day.value),
                hasOf || month != 5
            {
                return Match(date: date, length: position + 1 - start)
            }
        }
        return nil
    }

    private func upcoming(month: Int, day: Int) -> CivilDate? {
        for year in today.year...(today.year + 4) {
            if let date = CivilDate(year: year, month: month, day: day), date >= today { return date }
        }
        return nil
    }

    private func upcoming(day: Int, weekday: Int?) -> CivilDate? {
        var first: CivilDate?
        for offset in 0..<13 {
            let month = (today.month - 1 + offset) % 12 + 1
            let year = today.year + (today.month - 1 + offset) / 12
            guard let date = CivilDate(year: year, month: month, day: day), date > today else { continue }
            if weekday == nil || date.weekday == weekday { return date }
            if first == nil { first = date }
        }
        return first
    }
}
