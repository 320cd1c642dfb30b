/// The texts of a call, and what is decided upon them.
extension CallMask {
    struct Words {
        var masked: String
        /// The digits with which it ends, those before it included when nothing else lies between; as many as a card may have
        /// before its last.
        var tail = ""
        /// A card's number in it.
        var card: String?
        /// It begins with digits that go on with those before it.
        var isContinued = false
        /// It has no digits, and nothing but what people say while they read out a number.
        var isAside = false
    }

    /// What the caller said.
    ///
    /// - Parameter before: digits that were said right before it.
    func words(_ text: String, after before: String) -> Words {
        guard watchesCards, !before.isEmpty || DigitEstimate.most(in: text) > 0 else {
            return Words(masked: mask.mask(text))
        }
        let all = TextWord.all(in: text)
        let runs = DigitRun.all(of: all, in: text)
        guard !runs.isEmpty else {
            return Words(masked: mask.mask(text), isAside: DigitRun.areAsides(all[...]))
        }
        var spans = mask.spans(in: text, all, runs)
        var found = Words(masked: "")
        var place = text.startIndex
        found.tail = before
        for (index, run) in runs.enumerated() {
            // What was said right before goes on here if nothing of its own lies between.
            let isJoined = DigitRun.areAsides(all.between(place, run.range.lowerBound))
            let before = isJoined ? found.tail : ""
            if index == 0 { found.isContinued = !before.isEmpty }
            place = run.range.upperBound
            let end = index + 1 < runs.count ? runs[index + 1].range.lowerBound : text.endIndex
            let isOpen = DigitRun.areAsides(all.between(place, end))
            let digits = String((before + run.digits).suffix(CardNumber.lengths.upperBound - 1))
            found.tail = isOpen ? digits : ""
            if let range = run.cards.last {
                found.card = run.pieces[range].map(\.digits).joined()
                spans += echoSpans(run, of: secrets)
            } else if !before.isEmpty, let card = Self.card(across: before, run.pieces) {
                found.card = card
                spans += run.pieces.map(PersonalDataMask.Span.init)
            } else if isOpen, CardNumber.mayBegin(within: digits) {
                spans += run.pieces.map(PersonalDataMask.Span.init)
            } else {
                spans += echoSpans(run, of: secrets)
            }
        }
        found.masked = PersonalDataMask.apply(spans, to: text)
        return found
    }

    /// A card's number that begins in what was said before and ends with one of `pieces`.
    private static func card(across before: String, _ pieces: [DigitRun.Piece]) -> String? {
        for start in before.indices {
            var digits = String(before[start...])
            for piece in pieces {
                digits += piece.digits
                if digits.count > CardNumber.lengths.upperBound { break }
                if CardNumber.isWhole(digits) { return digits }
            }
        }
        return nil
    }

    /// What may be repeated: numbers of cards, and digits that may become one.
    var secrets: [String] {
        cards + [open, typed].filter { $0.count > Self.openlyShown && CardNumber.mayBegin(within: $0) }
    }

    /// What anybody says who may repeat the caller's digits.
    func echo(_ text: String) -> String { echo(text, of: secrets) }

    func echo(_ text: String, of secrets: [String]) -> String {
        guard watchesCards, !secrets.isEmpty, DigitEstimate.most(in: text) >= Self.shortestEcho else {
            return mask.mask(text)
        }
        let all = TextWord.all(in: text)
        let runs = DigitRun.all(of: all, in: text)
        return PersonalDataMask.apply(
            mask.spans(in: text, all, runs) + runs.flatMap { echoSpans($0, of: secrets) }, to: text)
    }

    private func echoSpans(_ run: DigitRun, of secrets: [String]) -> [PersonalDataMask.Span] {
        let digits = run.digits
        guard digits.count >= Self.shortestEcho, secrets.contains(where: { $0.contains(digits) || digits.contains($0) })
        else { return [] }
        return run.pieces.map(PersonalDataMask.Span.init)
    }

    // MARK: Decisions

    /// An answer of keys, as its keys were shown.
    private func shown(keys: String) -> String {
        guard watchesCards else { return keys }
        // What ends a number is not part of the answer.
        let pairs = zip(newestKeys.pressed, newestKeys.shown).filter { $0.0 != "#" }.suffix(keys.count)
        guard String(pairs.map { $0.0 }) == keys else {
            return String(keys.map { $0.isNumber ? PersonalDataMask.dot : $0 })
        }
        return String(pairs.map { $0.1 })
    }

    /// Words stand between quotation marks, the first to the last of the line; what a tool takes and gives begins with a brace.
    func masked(decision line: String) -> String {
        guard DigitEstimate.most(in: line) > 0 || !mask.isForDigits else { return line }
        if line.hasPrefix("note tool "), let brace = line.firstIndex(of: "{") {
            return line[..<brace] + mask.maskJSON(String(line[brace...]), echo)
        }
        if line.hasPrefix("start reply "), let keys = line.firstRange(of: " to keys ") {
            return line[..<keys.upperBound] + shown(keys: String(line[keys.upperBound...]))
        }
        guard let first = line.firstIndex(of: "\""), line.last == "\"" else { return echo(line) }
        let start = line.index(after: first)
        let end = line.index(before: line.endIndex)
        guard start <= end else { return line }
        let inner = String(line[start..<end])
        let isCallers = ["note caller turn ", "start reply ", "preview "].contains { line.hasPrefix($0) }
        return line[..<start] + (isCallers ? words(inner, after: open).masked : echo(inner)) + "\""
    }
}

extension [TextWord] {
    /// Those that begin between two places.
    fileprivate func between(_ start: String.Index, _ end: String.Index) -> ArraySlice<TextWord> {
        let first = firstIndex { $0.range.lowerBound >= start } ?? endIndex
        let last = self[first...].firstIndex { $0.range.lowerBound >= end } ?? endIndex
        return self[first..<last]
    }
}
