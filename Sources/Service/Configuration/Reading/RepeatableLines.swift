/// The lines of a YAML text, in which keys that are given twice can be renamed.
struct RepeatableLines {
    /// Begins the name that a repeated key is given.
    static let mark = "__given_twice_"

    private var lines: [Substring]
    private var count = 0

    init(_ text: String) { lines = text.split(separator: "\n", omittingEmptySubsequences: false) }

    var joined: String { lines.joined(separator: "\n") }

    /// Renames the second `name:` with the indentation of the first, at or after a line (from 1).
    ///
    /// - Returns: where it was; nil for keys that do not begin a line of their own.
    mutating func renameSecond(_ name: String, fromLine start: Int) -> (line: Int, column: Int)? {
        var first: Int?
        for index in lines.indices.dropFirst(start - 1) {
            let indent = lines[index].prefix { $0 == " " }.count
            let content = lines[index].dropFirst(indent)
            guard content.hasPrefix(name), content.dropFirst(name.count).first == ":" else { continue }
            guard let column = first else {
                first = indent
                continue
            }
            if column != indent { continue }
            count += 1
            lines[index] = lines[index].prefix(indent) + "\(Self.mark)\(count)" + content.dropFirst(name.count)
            return (index + 1, indent + 1)
        }
        return nil
    }
}
