import Agent

/// Finds personal data in a text and puts dots in its place, as many as it has digits; of anything else one a word.
///
/// Pure. What belongs together over several texts is ``CallMask``'s.
package struct PersonalDataMask: Sendable, Equatable {
    /// Stands for a digit or a word; in no text that a recognizer makes.
    static let dot: Character = "•"

    let kinds: Set<PersonalData>
    let patterns: [MaskPattern]

    package init(_ kinds: Set<PersonalData> = [.cards], patterns: [MaskPattern] = []) {
        self.kinds = kinds
        self.patterns = patterns
    }

    /// Fewer in one are nothing.
    private var fewestDigits: Int { kinds == [.cards] ? CardNumber.lengths.lowerBound : 6 }

    /// All of it has several digits.
    var isForDigits: Bool { patterns.isEmpty && !kinds.contains(.emails) }

    /// Leaves everything.
    var isNothing: Bool { kinds.isEmpty && patterns.isEmpty }

    /// Whether nothing in a text is to be masked, and no part of a card's number either.
    @Sendable func leaves(_ text: String) -> Bool {
        if kinds.contains(.cards), DigitEstimate.most(in: text) > CallMask.openlyShown,
            DigitRun.all(in: text).contains(where: { $0.digits.count > CallMask.openlyShown })
        {
            return false
        }
        return mask(text) == text
    }

    package func mask(_ text: String) -> String {
        guard !isNothing, !isForDigits || DigitEstimate.most(in: text) >= fewestDigits else { return text }
        let words = TextWord.all(in: text)
        return Self.apply(spans(in: text, words, DigitRun.all(of: words, in: text)), to: text)
    }

    /// The text of a JSON value with everything in it masked; a number that is masked becomes a text. What is no JSON is masked as
    /// a text.
    ///
    /// - Parameter masked: masks one text.
    func maskJSON(_ text: String, _ masked: (String) -> String) -> String {
        // As values: "\n" before a number is a letter only as it is written.
        guard let value = try? JSONValue(parsing: text) else { return masked(text) }
        let result = value.masked(by: masked)
        return result == value ? text : result.text
    }

    package func maskJSON(_ text: String) -> String { maskJSON(text, mask) }

    /// Where something is masked, and with what.
    struct Span: Sendable {
        let range: Range<String.Index>
        let replacement: String

        init(_ range: Range<String.Index>, _ replacement: String) {
            self.range = range
            self.replacement = replacement
        }

        init(_ piece: DigitRun.Piece) {
            self.init(piece.range, String(repeating: PersonalDataMask.dot, count: piece.digits.count))
        }
    }

    func spans(in text: String, _ words: [TextWord], _ runs: [DigitRun]) -> [Span] {
        var spans: [Span] = []
        for pattern in patterns { spans += pattern.spans(in: text) }
        if kinds.contains(.emails) { spans += EmailForm.spans(in: text, words) }
        if kinds.contains(.nationalIDs) { spans += NationalID.spans(in: text, words, runs) }
        for run in runs {
            let cards = kinds.contains(.cards) ? run.cards : []
            spans += cards.flatMap { run.pieces[$0] }.map(Span.init)
            if cards.isEmpty, kinds.contains(.phones), PhoneForm.fits(run, in: text, words) {
                spans += run.pieces.map(Span.init)
            }
        }
        return spans
    }

    /// Where spans overlap, the one that begins first is taken.
    static func apply(_ spans: [Span], to text: String) -> String {
        guard !spans.isEmpty else { return text }
        var masked = ""
        var place = text.startIndex
        for span in spans.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
            // What a span leaves of one that it overlaps is masked too.
            guard span.range.upperBound > place else { continue }
            if span.range.lowerBound >= place { masked += text[place..<span.range.lowerBound] }
            masked += span.replacement
            place = span.range.upperBound
        }
        return masked + text[place...]
    }
}

extension JSONValue {
    fileprivate func masked(by mask: (String) -> String) -> JSONValue {
        switch self {
        case .string(let text): return .string(mask(text))
        case .integer, .number:
            let written = text
            let masked = mask(written)
            return masked == written ? self : .string(masked)
        case .array(let values): return .array(values.map { $0.masked(by: mask) })
        case .object(let members):
            return .object(Dictionary(members.map { (mask($0.key), $0.value.masked(by: mask)) }) { first, _ in first })
        case .null, .bool: return self
        }
    }
}
