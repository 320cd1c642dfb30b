/// The texts of a call, and what is decided upon them.
extension CallMask {
    struct Words {
        var masked: String
        /// The digits with which it ends, those before it included when nothing else lies between.
        var tail = ""
        /// A card's number in it.
        var card: String?
        /// It begins with digits that go on with those before it.
        var isContinued = false
    }

    /// What the caller said.
    ///
    /// - Parameter before: digits that were said right before it.
    func words(_ text: String, after before: String) -> Words {
        guard watchesCards, DigitEstimate.most(in: text) > 0 else { return Words(masked: mask.mask(text)) }
        let all = TextWord.all(in: text)
        let runs = DigitRun.all(of: all, in: text)
        guard !runs.isEmpty else { return Words(masked: mask.mask(text)) }
        var spans = mask.spans(in: text, all, runs)
        var found = Words(masked: "")
        for run in runs {
            let before = run.isFirst ? before : ""
            let digits = before + run.digits
            if run.isFirst { found.isContinued = !before.isEmpty }
            if let range = run.cards.last {
                found.card = run.pieces[range].map(\.digits).joined()
                if run.isLast { found.tail = digits }
                spans += echoSpans(run, of: secrets)
                continue
            }
            if !before.isEmpty, let card = Self.card(across: before, run.pieces) {
                found.card = card
                if run.isLast { found.tail = digits }
                spans += run.pieces.map(PersonalDataMask.Span.init)
            } else if run.isLast, digits.count > Self.openlyShown, CardNumber.mayBegin(with: digits) {
                spans += run.pieces.map(PersonalDataMask.Span.init)
                found.tail = digits
            } else {
                if run.isLast { found.tail = digits }
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
                if CardNumber.isWhole(digits) { return digits }
            }
        }
        return nil
    }

    /// What may be repeated: numbers of cards, and digits that may become one.
    var secrets: [String] { open.count > Self.openlyShown ? cards + [open] : cards }

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

    /// Words stand between quotation marks, the first to the last of the line; what a tool takes and gives begins with a brace.
    func masked(decision line: String) -> String {
        guard DigitEstimate.most(in: line) > 0 || !mask.isForDigits else { return line }
        if line.hasPrefix("note tool "), let brace = line.firstIndex(of: "{") {
            return line[..<brace] + mask.maskJSON(String(line[brace...]), echo)
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
