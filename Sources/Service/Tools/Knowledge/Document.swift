import Foundation
import Store

/// A text cut into passages of a few sentences, each with the heading it stands under. A value.
struct Document: Sendable {
    let title: String
    /// None where it is too large.
    let passages: [Passage]
    /// Whether it would have more than ``mostPassages``, or more than ``largestText`` in them: they are written in one
    /// transaction, with a table's wide head in every row's passage, and a long heading beside each of its own.
    let isTooLarge: Bool

    /// Of one document.
    static let mostPassages = 20_000
    /// Bytes of all of one document's passages, each with its heading.
    static let largestText = 16 << 20
    /// What somebody is told of one that is too large.
    static let tooLarge =
        "it makes more than \(mostPassages) passages, or more than \(largestText >> 20) MB of them; cut it into several"

    /// Characters of a passage at most, but for a sentence or row that is longer by itself.
    static let passageLength = 700

    /// - Parameters:
    ///   - kind: the end of the file's name: md, txt, csv, html, pdf.
    ///   - path: names the document as a source.
    init(text: String, kind: String, path: String) {
        let sections: [Section]? =
            switch kind {
            case "csv": Self.rows(text)
            case "html", "htm": Self.sections(markdown: Self.plain(html: text))
            case "txt": Self.sections(plain: text)
            case "pdf": Self.pages(text)
            default: Self.sections(markdown: text)
            }
        let name = path.split(separator: "/").last.map(String.init) ?? path
        // A page's number is no title.
        let title = kind == "pdf" ? name : sections?.first { !$0.heading.isEmpty }?.heading ?? name
        self.title = title
        var passages: [Passage] = []
        var bytes = 0
        for section in sections ?? [] {
            for text in Self.cut(section.text) {
                // A heading is written with each of its passages.
                bytes += section.heading.utf8.count + text.utf8.count
                passages.append(Passage(source: path, title: title, heading: section.heading, text: text))
            }
        }
        isTooLarge = sections == nil || passages.count > Self.mostPassages || bytes > Self.largestText
        self.passages = isTooLarge ? [] : passages
    }

    /// Tells versions of a file apart (FNV-1a), and is no protection against forgery.
    static func hash(of bytes: some Sequence<UInt8>) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return String(hash, radix: 16)
    }

    private struct Section {
        var heading: String
        var text: String
    }

    private static func sections(markdown text: String) -> [Section] {
        var sections: [Section] = []
        var current = Section(heading: "", text: "")
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("#") {
                sections.append(current)
                current = Section(heading: clean(line.drop { $0 == "#" }), text: "")
            } else {
                current.text += line.trimmingCharacters(in: .whitespaces).isEmpty ? "\n\n" : clean(line) + " "
            }
        }
        return (sections + [current]).filter { !$0.text.allSatisfy(\.isWhitespace) }
    }

    private static func sections(plain text: String) -> [Section] { [Section(heading: "", text: text)] }

    /// Each page as a section, so that answers can name it. A form feed ends a page.
    private static func pages(_ text: String) -> [Section] {
        text.split(separator: "\u{c}", omittingEmptySubsequences: false).enumerated()
            .map { Section(heading: "page \($0.offset + 1)", text: String($0.element)) }
            .filter { !$0.text.allSatisfy(\.isWhitespace) }
    }

    /// Each row as a sentence, "name: value" for each column; nil where that is too much.
    private static func rows(_ text: String) -> [Section]? {
        let rows = fields(csv: text)
        guard let head = rows.first, rows.count > 1 else { return [] }
        guard rows.count - 1 <= mostPassages else { return nil }
        var bytes = 0
        var sections: [Section] = []
        for row in rows.dropFirst() {
            let cells = zip(head, row).filter { !$0.1.isEmpty }
            // Counted before they are made: a small file can ask for a great deal.
            bytes += cells.reduce(0) { $0 + $1.0.utf8.count + $1.1.utf8.count + 4 }
            guard bytes <= largestText else { return nil }
            let parts = cells.map { "\($0): \($1)" }
            sections.append(Section(heading: row.first ?? "", text: parts.joined(separator: ". ") + "."))
        }
        return sections
    }

    /// RFC 4180.
    static func fields(csv text: String) -> [[String]] {
        var rows: [[String]] = []
        var row: [String] = []
        var field = ""
        var isQuoted = false
        var characters = Array(text.replacing("\r\n", with: "\n"))[...]
        func isBlank(_ row: [String]) -> Bool { row.allSatisfy { $0.allSatisfy(\.isWhitespace) } }
        while let character = characters.popFirst() {
            switch character {
            case "\"" where isQuoted && characters.first == "\"":
                field.append("\"")
                characters.removeFirst()
            case "\"": isQuoted.toggle()
            case "," where !isQuoted:
                row.append(field)
                field = ""
            case "\n" where !isQuoted:
                row.append(field)
                if !isBlank(row) { rows.append(row) }
                (row, field) = ([], "")
            default: field.append(character)
            }
        }
        row.append(field)
        if !isBlank(row) { rows.append(row) }
        return rows.map { $0.map { $0.trimmingCharacters(in: .whitespaces) } }
    }

    /// The text of a page as Markdown: headings with #, blocks with empty lines between. No script and no style.
    static func plain(html text: String) -> String {
        var rest = text[...]
        var result = ""
        while let start = rest.firstIndex(of: "<") {
            result += rest[..<start]
            guard let end = rest[start...].firstIndex(of: ">") else {
                rest = ""
                break
            }
            let tag = rest[rest.index(after: start)..<end].lowercased()
            rest = rest[rest.index(after: end)...]
            let name = tag.prefix { $0.isLetter || $0.isNumber || $0 == "/" || $0 == "!" }
            switch name {
            case "script", "style", "head":
                guard let close = rest.range(of: "</\(name)", options: .caseInsensitive) else {
                    rest = ""
                    break
                }
                rest = rest[close.lowerBound...]
            case "h1", "h2", "h3", "h4", "h5", "h6": result += "\n\n# "
            case "p", "/p", "div", "/div", "li", "/li", "tr", "br", "/h1", "/h2", "/h3", "/h4", "/h5", "/h6", "/ul",
                "/table":
                result += "\n\n"
            case "td", "th": result += " "
            default: break
            }
        }
        result += rest
        for (entity, character) in [
            ("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&"),
        ] {
            result = result.replacing(entity, with: character)
        }
        return result
    }

    /// Paragraphs joined until a passage is long enough; longer ones are cut at sentences.
    private static func cut(_ text: String) -> [String] {
        var pieces: [String] = []
        for paragraph in text.split(separator: "\n\n") {
            let line = clean(paragraph.replacing("\n", with: " "))
            if line.count <= passageLength { pieces.append(line) } else { pieces += sentences(line) }
        }
        var passages: [String] = []
        for piece in pieces where !piece.isEmpty {
            if let last = passages.last, last.count + piece.count < passageLength {
                passages[passages.count - 1] = last + " " + piece
            } else {
                passages.append(piece)
            }
        }
        return passages
    }

    private static func sentences(_ text: String) -> [String] {
        var sentences: [String] = []
        var current = ""
        for word in text.split(separator: " ") {
            current += current.isEmpty ? String(word) : " " + word
            if ".?!".contains(word.last ?? " ") || current.count > passageLength {
                sentences.append(current)
                current = ""
            }
        }
        return current.isEmpty ? sentences : sentences + [current]
    }

    /// One line without the marks of Markdown.
    private static func clean(_ text: some StringProtocol) -> String {
        String(text).filter { !"*`_>|".contains($0) }.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
