/// Takes away what is for the eye only: Markdown, emoji, control characters; and makes plain signs of typographic ones.
enum MarkupRemoval {
    static func plain(_ text: String) -> String {
        var text = text
        if text.contains(where: { "*_`#[|>~".contains($0) }) || text.contains("- ")
            || text.contains(where: \.isNewline)
        {
            text = withoutMarkdown(text)
        }
        var result = ""
        result.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\u{2018}", "\u{2019}": result.unicodeScalars.append("'")
            case "\u{201C}", "\u{201D}", "\u{AB}", "\u{BB}": result.unicodeScalars.append(" ")
            case "\u{2026}": result += "..."
            // A dash between words is a pause; between numbers it stays what it is.
            case "\u{2014}": result += ", "
            case "\u{2013}", "\u{2212}": result.unicodeScalars.append("-")
            case "\u{A0}", "\u{202F}", "\t", "\r", "\n": result.unicodeScalars.append(" ")
            case _ where isForTheEye(scalar): result.unicodeScalars.append(" ")
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func isForTheEye(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.properties.isEmojiPresentation || scalar.properties.isEmojiModifier { return true }
        switch scalar.value {
        // Controls, joiners, variation selectors, keycaps, tags; symbols, arrows, dingbats, pictographs.
        case 0..<0x20, 0x7F..<0xA0, 0x200B...0x200F, 0x20E3, 0xFE00...0xFE0F, 0xE0000...0xE007F: return true
        case 0x2190...0x21FF, 0x2300...0x23FF, 0x25A0...0x27BF, 0x2900...0x297F, 0x2B00...0x2BFF, 0x1F000...0x1FAFF:
            return true
        case 0x2022, 0x2023, 0x25E6: return true
        // Private use, and interlinear annotations: ours, further on.
        case 0xE000...0xF8FF, 0xFFF9...0xFFFB: return true
        default: return false
        }
    }

    private static func withoutMarkdown(_ text: String) -> String {
        var lines: [String] = []
        for line in text.split(whereSeparator: \.isNewline) {
            var line = line.drop(while: \.isWhitespace)
            if line.allSatisfy({ "-=_*|:` ".contains($0) }) { continue }
            var isItem = false
            while let first = line.first, "#>".contains(first) { line = line.dropFirst().drop(while: \.isWhitespace) }
            for bullet in ["- ", "* ", "+ "] where line.hasPrefix(bullet) {
                line = line.dropFirst(2)
                isItem = true
            }
            var words = String(line)
            words.replace(/!?\[([^\]]*)\]\([^)]*\)/) { String($0.1) }
            words.replace(/`+/, with: "")
            words.replace(/\*\*|__|~~/, with: "")
            // Not the sign between two numbers.
            words.replace(/\*([^*\s][^*]*?)\*(?![\w*])/, unlessAfter: { $0.isOfWord || $0 == "*" }) {
                String($0.output.1)
            }
            words.replace(/_([^_\s][^_]*?)_(?![\w@.])/, unlessAfter: { $0.isOfWord || "@.".contains($0) }) {
                String($0.output.1)
            }
            if words.contains("|") {
                words = words.split(separator: "|").map { $0.drop(while: \.isWhitespace) }.filter { !$0.isEmpty }
                    .joined(separator: ", ")
                while words.last?.isWhitespace == true { words.removeLast() }
                isItem = true
            }
            words.replace(/^(\d+)[.)]\s+/) { "\($0.1): " }
            // An item without a stop of its own is one thing of a list.
            if isItem, let last = words.last, last.isLetter || last.isNumber { words += "," }
            lines.append(words)
        }
        var joined = lines.joined(separator: " ")
        if joined.last == "," { joined = joined.dropLast() + "." }
        return joined
    }
}
