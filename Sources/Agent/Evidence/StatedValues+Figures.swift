/// What stands in figures, and the words that the rest is.
extension StatedValues {
    private static let marks: Set<Character> = Set(".,;:!?\"'()[]{}“”‘’…*_`#<>|=\\")
    private static let currencies: [Character: String] = ["$": "dollars", "€": "euros", "£": "pounds"]

    mutating func tokenize(_ text: String) {
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
    mutating func settleClock() {
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
}
