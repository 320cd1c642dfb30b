/// Cuts streamed text into pieces worth speaking: sentences, and a first clause early, so that the caller hears
/// something soon.
package struct ClauseSplitter: Sendable {
    private var pending = ""
    private var isFirst = true

    /// Characters a clause must have before a comma may end it: few for the first one of a reply.
    private static let shortestFirst = 12
    private static let shortestLater = 60
    /// Text without any mark is cut at a space after this many characters.
    private static let longest = 240

    package init() {}

    /// Takes a piece of text and returns the clauses it completes.
    package mutating func push(_ text: String) -> [String] {
        pending += text
        var clauses: [String] = []
        while let end = boundary() {
            let clause = Self.clean(pending[..<end])
            pending = String(pending[end...])
            guard !clause.isEmpty else { continue }
            clauses.append(clause)
            isFirst = false
        }
        return clauses
    }

    /// What is left when the text is over.
    package mutating func flush() -> [String] {
        let rest = Self.clean(pending[...])
        pending = ""
        isFirst = true
        return rest.isEmpty ? [] : [rest]
    }

    /// The end of the first clause, if it is certain: the character after a mark must be a space.
    private func boundary() -> String.Index? {
        var length = 0
        var index = pending.startIndex
        var lastSpace: String.Index?
        while index < pending.endIndex {
            let character = pending[index]
            let next = pending.index(after: index)
            length += 1
            if character.isNewline, length > 1 { return next }
            if character.isWhitespace { lastSpace = next }
            if next < pending.endIndex, pending[next].isWhitespace {
                if ".?!…".contains(character), !endsInAbbreviation(before: next) { return next }
                let shortest = isFirst ? Self.shortestFirst : Self.shortestLater
                if ",;:–—".contains(character), length >= shortest { return next }
            }
            if length >= Self.longest, let lastSpace { return lastSpace }
            index = next
        }
        return nil
    }

    private func endsInAbbreviation(before end: String.Index) -> Bool {
        let word = pending[..<end].split(whereSeparator: \.isWhitespace).last ?? ""
        return ["Dr.", "Mr.", "Mrs.", "Ms.", "St.", "No.", "a.m.", "p.m.", "e.g.", "i.e."].contains(String(word))
    }

    /// One line, and without the marks of written text that a voice would read out.
    private static func clean(_ text: Substring) -> String {
        text.filter { !"*_#`".contains($0) }.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
