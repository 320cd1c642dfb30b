/// Finds days in the past, with their years, as callers give a date of birth; also parts of one.
struct BirthGrammar {
    let words: [String]
    let today: CivilDate
    let ages: ClosedRange<Int>
    let region: SpokenRegion

    struct Found: Equatable {
        var day: Int?
        var month: Int?
        var year: Int?
        /// Where a value was.
        var used: Set<Int> = []
    }

    private static let months = Dictionary(
        uniqueKeysWithValues: DateGrammar.months.enumerated().map { ($1, $0 + 1) })

    /// Whatever of day, month and year is in the words.
    func parts() -> Found {
        var found = Found()
        if let month = words.indices.first(where: { Self.months[words[$0]] != nil && isMonth($0) }) {
            found.month = Self.months[words[month]]
            found.used.insert(month)
            named(around: month, &found)
        } else {
            figures(&found)
        }
        return found
    }

    /// "may" is a month unless somebody may do something.
    private func isMonth(_ index: Int) -> Bool {
        words[index] != "may" || !(index > 0 && ["i", "you", "we", "it"].contains(words[index - 1]))
    }

    private func named(around month: Int, _ found: inout Found) {
        var index = 0
        while index < words.count {
            guard index != month else {
                index += 1
                continue
            }
            if found.day == nil, let day = NumberWords.ordinal(words, at: index), day.value <= 31 {
                found.day = day.value
                found.used.formUnion(index..<index + day.length)
                index += day.length
            } else if found.day == nil, let day = NumberWords.belowHundred(words, at: index),
                (1...31).contains(day.value),
                year(at: index + day.length)?.isWhole == true
            {
                // "May twenty, nineteen eighty five": no year 2019.
                found.day = day.value
                found.used.formUnion(index..<index + day.length)
                index += day.length
            } else if let year = year(at: index), year.isWhole || found.day != nil || year.value % 100 > 31 {
                found.year = year.value
                found.used.formUnion(index..<index + year.length)
                index += year.length
            } else if found.day == nil, let day = NumberWords.belowHundred(words, at: index),
                (1...31).contains(day.value)
            {
                found.day = day.value
                found.used.formUnion(index..<index + day.length)
                index += day.length
            } else {
                index += 1
            }
        }
    }

    /// Without the name of a month: "oh three oh five eighty five", "five twelve nineteen seventy", "3/5/85"; or one part.
    private func figures(_ found: inout Found) {
        let digits = words.indices.compactMap(unit)
        if digits.count == words.count, digits.count == 8 || digits.count == 6 {
            found = typed(digits.map(String.init).joined())
            if found.day != nil {
                found.used = Set(words.indices)
                return
            }
        }
        var values: [(value: Int, range: Range<Int>)] = []
        var index = 0
        while index < words.count {
            if let year = year(at: index),
                values.count == 2 || values.isEmpty && year.isWhole && index + year.length == words.count
            {
                values.append((year.value, index..<index + year.length))
                index += year.length
            } else if ["oh", "zero", "o"].contains(words[index]), let digit = unit(index + 1) {
                values.append((digit, index..<index + 2))
                index += 2
            } else if let ordinal = NumberWords.ordinal(words, at: index), ordinal.value <= 31 {
                values.append((ordinal.value, index..<index + ordinal.length))
                index += ordinal.length
            } else if let number = NumberWords.belowHundred(words, at: index) {
                values.append((number.value, index..<index + number.length))
                index += number.length
            } else {
                index += 1
            }
        }
        for value in values { found.used.formUnion(value.range) }
        switch values.count {
        case 3...: assign(first: values[0].value, second: values[1].value, year: values[2].value, &found)
        case 1:
            if values[0].value > 31 {
                found.year = values[0].value >= 1800 ? values[0].value : century(of: values[0].value)
            } else if NumberWords.ordinal(words, at: values[0].range.lowerBound) != nil {
                found.day = values[0].value
            } else {
                found.used = []
            }
        default: found.used = []
        }
    }

    /// By the region's order, unless only the other one is possible.
    private func assign(first: Int, second: Int, year: Int, _ found: inout Found) {
        let isDayFirst = region == .gb ? second <= 12 : first > 12
        (found.day, found.month) = isDayFirst ? (first, second) : (second, first)
        found.year = year >= 1800 ? year : year < 100 ? century(of: year) : nil
        if !(1...12).contains(found.month ?? 0) || !(1...31).contains(found.day ?? 0) { found = Found() }
    }

    /// "Eighty five", "oh two", where only the year is missing.
    func bareYear() -> Int? { words.indices.lazy.compactMap { year(at: $0)?.value }.first }

    /// Eight digits, or six with a year of two.
    func typed(_ digits: String) -> Found {
        var found = Found()
        let figures = digits.compactMap(\.wholeNumberValue)
        guard figures.count == 8 || figures.count == 6 else { return found }
        let year = figures[4...].reduce(0) { $0 * 10 + $1 }
        assign(first: figures[0] * 10 + figures[1], second: figures[2] * 10 + figures[3], year: year, &found)
        return found
    }

    // "nineteen eighty five", "nineteen oh five", "two thousand and three", "twenty eleven", "eighty five"
    private func year(at start: Int) -> (value: Int, length: Int, isWhole: Bool)? {
        if word(start + 1) == "thousand" || word(start + 1) == "hundred",
            let number = NumberWords.cardinal(words, at: start), (1800...2100).contains(number.value)
        {
            return (number.value, number.length, true)
        }
        // Digit by digit: "one nine eight five".
        let digits = (0..<4).compactMap { unit(start + $0) }
        if digits.count == 4 {
            let value = digits.reduce(0) { $0 * 10 + $1 }
            if (1800...2100).contains(value) { return (value, 4, true) }
        }
        guard let head = NumberWords.belowHundred(words, at: start) else { return nil }
        if [18, 19, 20].contains(head.value), head.length == 1 {
            let rest = start + 1
            if ["oh", "o", "zero"].contains(word(rest)), let digit = unit(rest + 1) {
                return (head.value * 100 + digit, 3, true)
            }
            if let tail = NumberWords.belowHundred(words, at: rest), tail.value >= 10 {
                return (head.value * 100 + tail.value, 1 + tail.length, true)
            }
        }
        if head.value == 0 || ["oh", "o"].contains(word(start)), let digit = unit(start + 1) {
            return (century(of: digit), 2, false)
        }
        return (century(of: head.value), head.length, false)
    }

    private func word(_ index: Int) -> String { words.indices.contains(index) ? words[index] : "" }

    private func unit(_ index: Int) -> Int? {
        if ["oh", "o"].contains(word(index)) { return 0 }
        return NumberWords.unit(word(index)).flatMap { $0 < 10 ? $0 : nil }
    }

    /// The latest such year in which somebody of a plausible age was born.
    func century(of year: Int) -> Int {
        let youngest = today.year - ages.lowerBound
        let candidate = youngest / 100 * 100 + year
        return candidate <= youngest ? candidate : candidate - 100
    }
}
