/// Finds what a text states, written or spoken: "$42.00" and "forty two dollars" are the same.
struct StatedValues {
    /// A word of the text as it is written, in lower case with its marks taken off, and the spoken words that it is.
    private struct Token {
        var raw: Substring
        var plain: String
        var isCapital: Bool
        var beginsSentence: Bool
    }

    private var tokens: [Token] = []
    private var words: [String] = []
    /// Spoken word → its token.
    private var origins: [Int] = []
    private var values: [StatedValue] = []
    private let today: CivilDate
    /// The text is a tool's result.
    private let isData: Bool

    /// Everything that `text` states, in no order.
    static func all(in text: String, today: CivilDate) -> [StatedValue] {
        var reader = StatedValues(today: today, isData: text.first.map { "{[".contains($0) } ?? false)
        reader.tokenize(text)
        reader.settleClock()
        reader.readWords()
        reader.readNames()
        return reader.values
    }

    private init(today: CivilDate, isData: Bool) { (self.today, self.isData) = (today, isData) }

    // MARK: Words

    private static let marks: Set<Character> = Set(".,;:!?\"'()[]{}“”‘’…*_`#<>|=\\")
    private static let currencies: [Character: String] = ["$": "dollars", "€": "euros", "£": "pounds"]

    private mutating func tokenize(_ text: String) {
        var begins = true
        var digits: (run: String, count: Int) = ("", 0)
        func isPhonePiece(_ piece: Substring) -> Bool {
            piece.contains { $0.isNumber } && piece.allSatisfy { $0.isNumber || "()+-.".contains($0) }
        }
        // Results of tools are JSON without a space.
        let pieces = text.split { $0.isWhitespace || "–—/\"{}[]".contains($0) }.map(Self.withoutJoints)
        var index = 0
        while index < pieces.count {
            let piece = pieces[index]
            // A number to call, perhaps in groups.
            var end = index
            digits = ("", 0)
            while end < pieces.count, isPhonePiece(pieces[end]), !pieces[end].dropLast().contains("."),
                digits.count < 15
            {
                let own = pieces[end].filter(\.isNumber)
                guard own.count >= 3 || digits.count > 0 && own.count >= 2 || pieces[end].first == "+" else { break }
                digits = (digits.run + own, digits.count + own.count)
                end += 1
                if let last = pieces[end - 1].last, ".,;?!".contains(last) { break }
            }
            if digits.count >= 7, !Self.isISODate(piece.prefix { $0.isNumber || $0 == "-" }) {
                let said = pieces[index..<end].joined(separator: " ")
                values.append(StatedValue(kind: .phone(digits.run), text: said))
                // As a tool writes it, an amount in cents or a count is not told from a number to call.
                if isData, end == index + 1, let figure = Int(piece), figure < Self.mostFigure {
                    values.append(StatedValue(kind: .number(figure * 1000, currency: nil), text: said))
                }
                add(token: "", plain: "", isCapital: false, begins: false, spoken: [])
                index = end
                begins = pieces[end - 1].last.map { ".?!".contains($0) } ?? false
                continue
            }
            add(piece, before: index + 1 < pieces.count ? pieces[index + 1] : "", begins: begins)
            begins = piece.last.map { ".?!:".contains($0) } ?? false
            index += 1
        }
    }

    /// Without what joins a figure to its neighbours: `:5550123,`.
    private static func withoutJoints(_ piece: Substring) -> Substring {
        var piece = piece
        while piece.first == ":" || piece.first == "," { piece.removeFirst() }
        while piece.last == ",", piece.dropLast().last?.isNumber == true { piece.removeLast() }
        return piece
    }

    /// Written times are those of a clock of 24 hours where one of them can be nothing else, and in a tool's result.
    private mutating func settleClock() {
        let clocks = values.indices.filter { if case .time = values[$0].kind { true } else { false } }
        let isWhole = isData || clocks.contains { if case .time(_, true) = values[$0].kind { true } else { false } }
        guard isWhole else { return }
        for index in clocks {
            if case .time(let minute, false) = values[index].kind { values[index].kind = .time(minute, isExact: true) }
        }
    }

    private static func isISODate(_ text: Substring) -> Bool { text.count == 10 && CivilDate(iso: String(text)) != nil }

    /// What is larger is nobody's amount. In thousandths it still is a figure of 64 bits.
    private static let mostFigure = 1_000_000_000_000

    /// A figure of so many digits that it would be read as a number to call, but for its sign, point or commas: in thousandths.
    private static func amount(_ figure: Substring, hasCurrency: Bool) -> Int? {
        guard figure.count(where: \.isNumber) >= 7,
            let match = figure.wholeMatch(of: /([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.([0-9]{1,3})[0-9]*)?/)
        else { return nil }
        let (whole, fraction) = (match.1, match.2)
        guard hasCurrency || fraction != nil || whole.contains(","),
            let value = Int(whole.filter(\.isNumber)), value < mostFigure
        else { return nil }
        let digits = fraction.map(String.init) ?? ""
        return value * 1000 + (Int("\(digits)000".prefix(3)) ?? 0)
    }

    /// - Parameter next: the piece after it, which may name a currency.
    private mutating func add(_ piece: Substring, before next: Substring, begins: Bool) {
        var trimmed = piece
        while let first = trimmed.first, Self.marks.contains(first) { trimmed.removeFirst() }
        while let last = trimmed.last, Self.marks.contains(last) { trimmed.removeLast() }
        guard let first = trimmed.first else { return }
        if Self.isISODate(trimmed.prefix(10)), let date = CivilDate(iso: String(trimmed.prefix(10))) {
            values.append(
                StatedValue(kind: .day(month: date.month, day: date.day, year: date.year), text: String(trimmed)))
            add(token: trimmed, plain: "", isCapital: false, begins: begins, spoken: [])
            // "2026-12-01T10:30"
            if trimmed.count >= 16, let time = ClockTime(text: String(trimmed.dropFirst(11).prefix(5))) {
                values.append(StatedValue(kind: .time(time.minuteOfDay, isExact: true), text: String(trimmed)))
            }
            return
        }
        guard trimmed.contains(where: \.isNumber) else {
            let plain = trimmed.lowercased().replacing("\u{2019}", with: "'")
            var parts = plain.split(separator: "-").map { String($0.filter { $0 != "." }) }
            if parts == ["pm"] || parts == ["am"], let last = words.last, last != "i" {
                parts = [String(parts[0].prefix(1)), "m"]
            }
            return add(token: trimmed, plain: plain, isCapital: first.isUppercase, begins: begins, spoken: parts)
        }
        var figure = trimmed
        var unit: [String] = []
        if let sign = figure.firstIndex(where: { Self.currencies[$0] != nil }) {
            unit = [Self.currencies[figure[sign]] ?? ""]
            figure =
                figure[..<sign].isEmpty || !figure[..<sign].contains(where: \.isNumber)
                ? figure[figure.index(after: sign)...] : figure[..<sign]
        }
        if figure.last == "%" { unit = ["percent"] }
        if let amount = Self.amount(figure, hasCurrency: !unit.isEmpty) {
            let word = unit.first ?? next.lowercased().filter(\.isLetter)
            values.append(
                StatedValue(kind: .number(amount, currency: Self.currencyNames[word]), text: String(trimmed)))
            add(token: trimmed, plain: "", isCapital: false, begins: begins, spoken: [])
            return
        }
        let halves = figure.split(separator: "-")
        for half in halves {
            if half.contains(":"), let minute = Self.clock(half) {
                values.append(
                    StatedValue(kind: .time(minute, isExact: minute >= 780 || minute < 60), text: String(trimmed)))
            }
            add(
                token: trimmed, plain: "", isCapital: false, begins: begins,
                spoken: SpokenText.words(String(half)) + unit)
        }
    }

    /// "15:30" without a half of the day.
    private static func clock(_ text: Substring) -> Int? {
        guard text.allSatisfy({ $0.isNumber || $0 == ":" }) else { return nil }
        let parts = text.split(separator: ":").compactMap { Int($0) }
        guard parts.count >= 2, (0...23).contains(parts[0]), (0...59).contains(parts[1]) else { return nil }
        return parts[0] * 60 + parts[1]
    }

    private mutating func add(token: Substring, plain: String, isCapital: Bool, begins: Bool, spoken: [String]) {
        tokens.append(Token(raw: token, plain: plain, isCapital: isCapital, beginsSentence: begins))
        for word in spoken where !word.isEmpty {
            words.append(word)
            origins.append(tokens.count - 1)
        }
        // What a figure was read as does not run into the next one.
        if spoken.isEmpty {
            words.append("|")
            origins.append(tokens.count - 1)
        }
    }

    private func text(_ range: Range<Int>) -> String {
        var seen = -1
        return range.compactMap { index in
            defer { seen = origins[index] }
            return origins[index] == seen ? nil : String(tokens[origins[index]].raw)
        }.joined(separator: " ")
    }

    // MARK: Values

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
    private static let currencyNames: [String: String] = [
        "dollar": "USD", "dollars": "USD", "bucks": "USD", "usd": "USD", "euro": "EUR", "euros": "EUR", "eur": "EUR",
        "pound": "GBP", "pounds": "GBP", "gbp": "GBP", "francs": "CHF", "chf": "CHF",
    ]

    private mutating func readWords() {
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

    // MARK: Names

    /// Written with a capital wherever they stand.
    private static let noNames: Set<String> = Set(DateGrammar.weekdays + DateGrammar.months).union([
        "i", "i'm", "i'll", "i've", "i'd", "ok", "okay", "mr", "mrs", "ms", "dr", "doctor", "miss", "mister", "am",
        "pm",
        "english", "a.m", "p.m", "yes", "no", "sir", "madam", "ma'am", "thanks", "hello", "hi", "please", "sorry",
    ])

    private mutating func readNames() {
        var index = 0
        while index < tokens.count {
            let start = index
            while index < tokens.count, isNamePart(index), index == start || !tokens[index].beginsSentence {
                index += 1
            }
            guard index > start else {
                index += 1
                continue
            }
            // A capital at the beginning of a sentence tells nothing, unless more of them follow.
            let first = tokens[start].beginsSentence ? start + 1 : start
            guard first < index else { continue }
            let range = first..<index
            let parts = range.map { index in
                let plain = tokens[index].plain
                return plain.hasSuffix("'s") ? String(plain.dropLast(2)) : plain
            }
            values.append(
                StatedValue(
                    kind: .name(parts), text: range.map { String(tokens[$0].raw) }.joined(separator: " ")))
        }
    }

    private func isNamePart(_ index: Int) -> Bool {
        let token = tokens[index]
        return token.isCapital && !token.plain.isEmpty && !Self.noNames.contains(token.plain)
    }
}
