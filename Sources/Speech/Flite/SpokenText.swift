import Foundation

/// Writes out what Flite would read wrongly: clock times after noon, ISO dates, telephone numbers, degrees, addresses,
/// dashes and letters beyond ASCII. What it reads right (`10:30`, `November 24`, `Dr.`, `$5`) is left alone.
enum SpokenText {
    static func make(from text: String) -> String {
        var text = text
        for (from, to) in replacements { text.replace(from, with: to) }
        text.replace(/\b(\d{4})-(\d{2})-(\d{2})\b/) { match in
            guard let month = Int(match.2), (1...12).contains(month), let day = Int(match.3), (1...31).contains(day)
            else { return String(match.0) }
            return "\(months[month - 1]) \(day), \(match.1)"
        }
        text.replace(/\b([01]?\d|2[0-3]):([0-5]\d)(?::[0-5]\d)?\b(?!\s*[ap]\.?\s?m\b)/.ignoresCase()) { match in
            guard let hour = Int(match.1), hour == 0 || hour > 12 else { return "\(match.1):\(match.2)" }
            return hour == 0 ? "12:\(match.2) a m" : "\(hour - 12):\(match.2) p m"
        }
        text.replace(/(\d)\s*[-–]\s*(\d+)(?=\s|[.,;!?]|$)/) { match in
            // 8-18 is a range; 555-0123 is a telephone number, which Flite reads digit by digit.
            match.2.count <= 2 ? "\(match.1) to \(match.2)" : String(match.0)
        }
        text.replace(/\s+[–—]\s+/, with: ", ")
        text.replace(/[–—]/, with: " to ")
        text.replace(/\+?\d{7,}/) { match in
            match.0.map { $0 == "+" ? "plus" : String($0) }.joined(separator: " ")
        }
        text.replace(/[\w.]+@[\w.]+\w/) { match in
            match.0.replacing("@", with: " at ").replacing(".", with: " dot ")
        }
        let plain = text.folding(options: .diacriticInsensitive, locale: nil)
        return String(String.UnicodeScalarView(plain.unicodeScalars.map { $0.isASCII ? $0 : " " }))
    }

    /// `text` in pieces that are read one by one, each a sentence or at most `limit` characters of one.
    ///
    /// The engine plans a whole text before its first sound; a long one would come late and could not be interrupted.
    static func pieces(of text: String, limit: Int = 240) -> [String] {
        var pieces: [String] = []
        var piece = ""
        for word in text.split(whereSeparator: \.isWhitespace) {
            if piece.count + word.count + 1 > limit {
                pieces.append(piece)
                piece = ""
            }
            piece += piece.isEmpty ? String(word) : " \(word)"
            // A full stop after a short word is an abbreviation's as often as a sentence's.
            if piece.count > 60, let last = word.last, ".!?;".contains(last) {
                pieces.append(piece)
                piece = ""
            }
        }
        pieces.append(piece)
        return pieces.filter { $0.contains { $0.isLetter || $0.isNumber } }
    }

    private static let replacements = [
        ("\u{2019}", "'"), ("\u{2018}", "'"), ("\u{201c}", ""), ("\u{201d}", ""), ("\u{2026}", "..."),
        ("\u{b0}F", " degrees fahrenheit"), ("\u{b0}C", " degrees celsius"), ("\u{b0}", " degrees"), (" & ", " and "),
        ("&", " and "), ("\u{df}", "ss"), ("\u{20ac}", " euros "),
    ]
    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
}
