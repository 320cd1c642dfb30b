import Foundation

/// What an operator wants masked besides: a regular expression under a name.
///
/// A pattern that is not done with a text in time has everything in it masked: a pattern that somebody has made a mistake in must
/// neither hold up the service nor let through what it was made for.
package struct MaskPattern: Sendable, Equatable {
    /// Work on one text.
    static let patience = Duration.milliseconds(50)
    static let longest = 500

    let name: String
    private let expression: NSRegularExpression
    private let patience: Duration

    /// - Returns: nil when `pattern` cannot be read, is too long, or fits where nothing is.
    package init?(name: String, _ pattern: String, patience: Duration = Self.patience) {
        guard pattern.count <= Self.longest, let expression = try? NSRegularExpression(pattern: pattern),
            expression.firstMatch(in: "", range: NSRange(location: 0, length: 0)) == nil
        else { return nil }
        self.name = name
        self.expression = expression
        self.patience = patience
    }

    func spans(in text: String) -> [PersonalDataMask.Span] {
        let end = ContinuousClock.now + patience
        var spans: [PersonalDataMask.Span] = []
        var isLate = false
        // SAFETY: `stop` is the call's own and is written to within it.
        unsafe expression.enumerateMatches(
            in: text, options: [.reportProgress, .reportCompletion], range: NSRange(text.startIndex..., in: text)
        ) { match, flags, stop in
            // Its memory is bounded, too.
            if flags.contains(.internalError) { isLate = true }
            if let match, let range = Range(match.range, in: text), !range.isEmpty {
                spans.append(PersonalDataMask.Span(range, Self.dots(for: text[range])))
            }
            if ContinuousClock.now > end {
                isLate = true
                unsafe stop.pointee = true
            }
        }
        guard isLate else { return spans }
        return [PersonalDataMask.Span(text.startIndex..<text.endIndex, Self.dots(for: text[...]))]
    }

    /// One a word.
    private static func dots(for text: Substring) -> String {
        text.split(whereSeparator: \.isWhitespace).map { _ in String(PersonalDataMask.dot) }.joined(separator: " ")
    }
}
