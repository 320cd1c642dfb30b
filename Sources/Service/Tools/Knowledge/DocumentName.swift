/// The names of documents.
enum DocumentName {
    /// Ends of the names of files that are text.
    static let textKinds: Set<String> = ["md", "markdown", "txt", "csv", "html", "htm"]

    /// Characters before the end.
    private static let longestStem = 100

    /// What a file's name ends in: md, txt, pdf … in small letters; empty where it ends in nothing.
    static func kind(of name: String) -> String {
        guard name.contains(".") else { return "" }
        return (name.split(separator: ".").last ?? "").lowercased()
    }

    /// Whether a new document may be called so: a file of its own folder, not hidden, and one that is read.
    static func isSafe(_ name: String) -> Bool {
        guard let dot = name.lastIndex(of: ".") else { return false }
        let stem = name[..<dot]
        guard textKinds.contains(String(name[name.index(after: dot)...])), let first = stem.first,
            stem.count <= longestStem
        else { return false }
        return isPlain(first) && stem.allSatisfy { isPlain($0) || " ._-".contains($0) }
    }

    private static func isPlain(_ character: Character) -> Bool {
        character.isASCII && (character.isLetter || character.isNumber)
    }
}
