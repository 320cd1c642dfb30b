/// Finds times of day as callers say them. Morning or afternoon, where it was not said, follows from opening hours.
struct TimeGrammar {
    let words: [String]
    let opens: ClockTime
    let closes: ClockTime
    /// What the sentence says elsewhere: "tomorrow morning at nine".
    let partOfDay: PartOfDay?

    enum PartOfDay { case morning, afternoon, evening }

    struct Match: Equatable {
        var time: ClockTime
        var length: Int
        /// A bare hour: a time only where one is expected or announced ("at ten").
        var isWeak = false
    }

    init(words: [String], opens: ClockTime, closes: ClockTime) {
        self.words = words
        self.opens = opens
        self.closes = closes
        partOfDay =
            if words.contains("morning"), !Self.greets(words, with: "morning") {
                .morning
            } else if words.contains("afternoon"), !Self.greets(words, with: "afternoon") {
                .afternoon
            } else if (words.contains("evening") && !Self.greets(words, with: "evening")) || words.contains("tonight") {
                .evening
            } else { nil }
    }

    /// The longest time that begins at `start`.
    func match(at start: Int) -> Match? {
        switch word(start) {
        case "noon", "midday", "lunchtime": return ClockTime(hour: 12, minute: 0).map { Match(time: $0, length: 1) }
        case "midnight": return ClockTime(hour: 0, minute: 0).map { Match(time: $0, length: 1) }
        default: return pastOrTo(at: start) ?? hourFirst(at: start)
        }
    }

    private static func greets(_ words: [String], with part: String) -> Bool {
        words.firstIndex(of: part).map { $0 > 0 && words[$0 - 1] == "good" } ?? false
    }

    private func word(_ index: Int) -> String { words.indices.contains(index) ? words[index] : "" }

    // "half past ten", "a quarter to three", "twenty five past nine", "half ten"
    private func pastOrTo(at start: Int) -> Match? {
        var position = word(start) == "a" ? start + 1 : start
        let minutes: Int
        var isNamed = true
        if word(position) == "half" {
            minutes = 30
            position += 1
        } else if ["quarter", "quarters"].contains(word(position)) {
            minutes = 15
            position += 1
        } else if let number = NumberWords.belowHundred(words, at: position), (1...29).contains(number.value) {
            minutes = number.value
            position += number.length
            isNamed = false
            if ["minutes", "minute"].contains(word(position)) {
                isNamed = true
                position += 1
            } else if ![5, 10, 20, 25].contains(number.value) {
                return nil
            }
        } else {
            return nil
        }
        let isBefore: Bool
        switch word(position) {
        case "two" where minutes == 30: isBefore = false  // "half two"
        case "past", "passed", "pass", "after":
            isBefore = false
            position += 1
        case "to", "till", "until", "of", "before", "two", "too":
            // "ten two three" is digits, "from ten to eleven" is two times.
            guard isNamed || (word(position) == "to" && word(start - 1) != "from") else { return nil }
            guard minutes != 30, NumberWords.belowHundred(words, at: position + 1) != nil else { return nil }
            isBefore = true
            position += 1
        default:
            guard minutes == 30 else { return nil }  // "half ten", or "past" was lost
            isBefore = false
        }
        if word(position) == "the" || word(position) == "a" { position += 1 }
        let hour: Int
        if word(position) == "noon" || word(position) == "midday" {
            (hour, position) = (12, position + 1)
        } else if let number = NumberWords.belowHundred(words, at: position), (1...12).contains(number.value),
            number.length == 1
        {
            (hour, position) = (number.value, position + 1)
        } else {
            return nil
        }
        position = skippingClock(position)
        let signed = isBefore ? -minutes : minutes
        return finish(hour: hour, minutes: signed, at: position, from: start)
    }

    // "ten", "ten thirty", "ten o'clock", "ten oh five", "ten a m", "fourteen thirty"
    private func hourFirst(at start: Int) -> Match? {
        guard let number = NumberWords.belowHundred(words, at: start) else { return nil }
        // "twenty thirty" is an hour and minutes; "twenty five" alone is no time of day.
        let (hour, hourLength) = number.value <= 23 ? number : (NumberWords.ten(word(start)) ?? 99, 1)
        guard hour <= 23 else { return nil }
        var position = start + hourLength
        let afterHour = skippingClock(position)
        if afterHour > position {
            return finish(hour: hour, minutes: 0, at: afterHour, from: start)
        }
        if word(position) == "hundred", hour >= 13 {
            position += word(position + 1) == "hours" ? 2 : 1
            return finish(hour: hour, minutes: 0, at: position, from: start)
        }
        if ["oh", "o", "zero"].contains(word(position)), let unit = NumberWords.unit(word(position + 1)),
            (1...9).contains(unit),
            NumberWords.unit(word(position + 2)) == nil
        {
            return finish(hour: hour, minutes: unit, at: position + 2, from: start)
        }
        if let minutes = NumberWords.belowHundred(words, at: position), (10...59).contains(minutes.value), hour >= 1 {
            return finish(hour: hour, minutes: minutes.value, at: position + minutes.length, from: start)
        }
        guard (1...12).contains(hour), hourLength == 1 else { return nil }
        guard var match = finish(hour: hour, minutes: 0, at: position, from: start) else { return nil }
        match.isWeak = match.length == 1
        return match
    }

    private func skippingClock(_ index: Int) -> Int {
        switch word(index) {
        case "o'clock", "oclock", "clock": index + 1
        case "o", "oh": word(index + 1) == "clock" ? index + 2 : index
        default: index
        }
    }

    /// Reads what may follow ("a m", "in the morning") and decides the half of the day.
    private func finish(hour: Int, minutes: Int, at end: Int, from start: Int) -> Match? {
        var (isAfternoon, isMorning, position) = (false, false, end)
        if ["a", "p"].contains(word(end)), word(end + 1) == "m" {
            (isAfternoon, isMorning, position) = (word(end) == "p", word(end) == "a", end + 2)
        } else if ["am", "pm"].contains(word(end)) {
            (isAfternoon, isMorning, position) = (word(end) == "pm", word(end) == "am", end + 1)
        } else {
            var cursor = end
            if ["in", "at", "on"].contains(word(cursor)) { cursor += 1 }
            if ["the", "this", "that", "a"].contains(word(cursor)) { cursor += 1 }
            switch word(cursor) {
            case "morning": (isMorning, position) = (true, cursor + 1)
            case "afternoon", "evening", "night": (isAfternoon, position) = (true, cursor + 1)
            default: break
            }
        }
        let total: Int
        if hour > 12 {
            total = hour * 60 + minutes
        } else {
            let base = (hour % 12) * 60 + minutes
            let isLate =
                isAfternoon || (!isMorning && prefersAfternoon(morning: base, hour: hour))
            total = isLate ? base + 720 : base
        }
        let wrapped = (total + 1440) % 1440
        guard let time = ClockTime(hour: wrapped / 60, minute: wrapped % 60) else { return nil }
        return Match(time: time, length: position - start)
    }

    private func prefersAfternoon(morning: Int, hour: Int) -> Bool {
        let afternoon = morning + 720
        switch partOfDay {
        case .morning where hour >= 5 && hour < 12: return false
        case .afternoon where hour <= 7 || hour == 12: return true
        case .evening where (4...11).contains(hour): return true
        default: break
        }
        return distanceFromOpening(afternoon) < distanceFromOpening(morning)
    }

    /// 0 within opening hours, else the minutes until they begin or since they ended.
    private func distanceFromOpening(_ minute: Int) -> Int {
        if minute < opens.minuteOfDay { return opens.minuteOfDay - minute }
        return max(0, minute - closes.minuteOfDay)
    }
}
