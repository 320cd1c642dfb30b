/// What is said in words: figures have become words by then.
extension StatedValues {
    private static let starters: Set<String> = {
        var starters = Set(
            DateGrammar.weekdays + DateGrammar.months + NumberWords.units + NumberWords.tens.dropFirst(2))
        starters.formUnion(DateGrammar.weekdays.map { $0 + "s" })
        starters.formUnion([
            "tomorrow", "the", "in", "next", "this", "coming", "following", "a", "half", "quarter", "noon", "midday",
            "midnight", "day", "one", "double", "oh", "couple", "within",
        ])
        starters.formUnion((1...31).flatMap { NumberWords.speakOrdinal($0).split(separator: " ").map(String.init) })
        return starters
    }()
    private static let announcesHour: Set<String> = [
        "at", "from", "until", "till", "by", "before", "after", "around", "between", "to", "about", "past",
    ]
    private static let units: Set<String> = [
        "percent", "minute", "minutes", "hour", "hours", "day", "days", "week", "weeks", "month", "months", "year",
        "years",
        "degrees", "miles", "kilometers", "kilometres", "meters", "metres", "kilos", "pounds", "grams", "cents",
        "dollars",
        "euros", "dollar", "euro", "pound", "cent", "pence", "stars", "nights", "gigabytes", "megabits", "square",
    ]
    private static let qualifiers: Set<String> = ["business", "working", "full", "whole", "calendar", "more", "free"]
    private static let approximations: Set<String> = [
        "about", "around", "roughly", "nearly", "almost", "approximately", "over", "under", "some",
    ]

    mutating func readWords() {
        let dates = DateGrammar(words: words, today: today)
        let times = TimeGrammar(
            words: words, opens: ClockTime(hour: 0, minute: 0) ?? .midnight,
            closes: ClockTime(hour: 12, minute: 0) ?? .midnight)
        var index = 0
        while index < words.count {
            guard Self.starters.contains(words[index]) else {
                index += 1
                continue
            }
            index += read(at: index, dates, times)
        }
    }

    /// - Returns: the words that were taken, at least one.
    private mutating func read(at start: Int, _ dates: DateGrammar, _ times: TimeGrammar) -> Int {
        if let phone = spokenPhone(at: start) {
            values.append(StatedValue(kind: .phone(phone.digits), text: text(start..<start + phone.length)))
            return phone.length
        }
        if let match = dates.match(at: start), !match.isWeak {
            // A span of time is a figure as well, whatever day it leads to: "in three days".
            if let length = read(match, at: start) { return length }
        }
        let number = number(at: start)
        if let match = times.match(at: start), match.length >= (number?.unitLength ?? 0),
            number?.hasUnit != true || match.length > (number?.length ?? 0) + 1
                || words[start + match.length - 1] == "hours",
            !match.isWeak || start > 0 && Self.announcesHour.contains(words[start - 1]) && number?.isWritten != true
        {
            let range = start..<start + match.length
            let isTold =
                times.partOfDay != nil || words[range].contains { ["noon", "midday", "midnight", "m"].contains($0) }
                || match.time.hour >= 13
            values.append(
                StatedValue(
                    kind: .time(match.time.minuteOfDay, isExact: isTold), text: text(range),
                    isApproximate: start > 0 && Self.approximations.contains(words[start - 1])))
            return match.length
        }
        guard let number else { return 1 }
        values.append(number.value)
        return number.unitLength
    }

    private mutating func read(_ match: DateGrammar.Match, at start: Int) -> Int? {
        let range = start..<start + match.length
        let said = words[range]
        let weekday = said.compactMap { Self.weekday($0) }.first
        let isDated =
            said.contains { DateGrammar.months.contains($0) } || said.contains("tomorrow") || said.contains("day")
        let isSpan = !isDated && weekday == nil
        var length = match.length
        var year: Int?
        if isDated, let found = self.year(at: start + length) {
            year = found.value
            length += found.length
        }
        let stated = text(start..<start + length)
        let isWhole = isDated || said.contains("week") || said.contains("next") || said.contains("from")
        if isWhole || isSpan {
            values.append(
                StatedValue(
                    kind: .day(month: match.date.month, day: match.date.day, year: year), text: stated,
                    // "Within two weeks" states how long; the day that comes of it is for whoever said it.
                    isCasual: isSpan))
        }
        if let weekday { values.append(StatedValue(kind: .weekday(weekday), text: stated)) }
        return isSpan ? nil : length
    }

    private static func weekday(_ word: String) -> Int? {
        DateGrammar.weekdays.firstIndex(of: word.hasSuffix("s") ? String(word.dropLast()) : word)
    }

    private func year(at start: Int) -> (value: Int, length: Int)? {
        if let number = NumberWords.cardinal(words, at: start), (1900...2100).contains(number.value) {
            return (number.value, number.length)
        }
        guard let head = NumberWords.belowHundred(words, at: start), [19, 20].contains(head.value), head.length == 1,
            let tail = NumberWords.belowHundred(words, at: start + 1), tail.value >= 10
        else { return nil }
        return (head.value * 100 + tail.value, 1 + tail.length)
    }

    private func spokenPhone(at start: Int) -> (digits: String, length: Int)? {
        guard let match = DigitGrammar(words: words).match(at: start), match.digits.count >= 7, match.length >= 6 else {
            return nil
        }
        return (match.digits, match.length)
    }

    private func number(at start: Int) -> (
        value: StatedValue, length: Int, unitLength: Int, hasUnit: Bool, isWritten: Bool
    )? {
        guard words[start] != "a" || start + 1 < words.count && ["hundred", "thousand"].contains(words[start + 1]),
            let whole = NumberWords.cardinal(words, at: start)
        else { return nil }
        var thousandths = whole.value * 1000
        var end = start + whole.length
        var others: [Int] = []
        if end + 1 < words.count, words[end] == "point" {
            var scale = 100
            end += 1
            while end < words.count, scale > 0, let digit = NumberWords.unit(words[end]), digit < 10,
                origins[end] == origins[start] || tokens[origins[end]].plain == words[end]
            {
                thousandths += digit * scale
                scale /= 10
                end += 1
            }
        } else if let pair = NumberWords.belowHundred(words, at: end), whole.value > 0, pair.value >= 10,
            origins[end] != origins[start] || tokens[origins[start]].plain != ""
        {
            // "Forty two fifty" is a price, "nineteen eighty five" a year.
            others = [whole.value * 1000 + pair.value * 10, (whole.value * 100 + pair.value) * 1000]
            end += pair.length
        }
        if end < words.count, words[end] == "million" {
            thousandths *= 1_000_000
            end += 1
        }
        // "Two business days"
        if end + 1 < words.count, Self.qualifiers.contains(words[end]), Self.units.contains(words[end + 1]) { end += 1 }
        let length = end - start
        let word = end < words.count ? words[end] : ""
        var currency = Self.currencyNames[word]
        var unitLength = Self.units.contains(word) || currency != nil ? length + 1 : length
        if currency != nil, end + 1 < words.count {
            // "and fifty cents", "fifty"
            let tail = words[end + 1] == "and" ? end + 2 : end + 1
            if let cents = NumberWords.belowHundred(words, at: tail), tail + cents.length < words.count,
                ["cents", "cent", "pence"].contains(words[tail + cents.length])
            {
                thousandths += cents.value * 10
                unitLength = tail + cents.length + 1 - start
            }
        } else if ["cents", "pence"].contains(word) {
            (thousandths, currency) = (thousandths / 100, word == "pence" ? "GBP" : nil)
        }
        let before = start > 0 ? words[start - 1] : ""
        let isMoment = whole.value == 1 && ["moment", "second", "minute"].contains(word)
        let hasUnit = unitLength > length
        let isCasual = isMoment || !hasUnit && thousandths <= 10_000 && thousandths % 1000 == 0 && others.isEmpty
        let kind: StatedValue.Kind =
            word == "percent" ? .percent(thousandths) : .number(thousandths, currency: currency, or: others)
        return (
            StatedValue(
                kind: kind, text: text(start..<start + unitLength), isApproximate: Self.approximations.contains(before),
                isCasual: isCasual), length, unitLength, hasUnit, tokens[origins[start]].plain.isEmpty
        )
    }
}
