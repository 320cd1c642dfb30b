/// What callers hear while a tool takes its time.
package struct ToolWait: Sendable, Equatable {
    /// From the call of the tool to the first word.
    package var after: Duration
    /// One after the other, one in a turn.
    package var say: [String]

    /// What was heard of a reply, without the words that filled a wait in it: the dialogue knows nothing of those.
    static func removing(_ filler: String?, from heard: String) -> String {
        guard let filler, !filler.isEmpty else { return heard }
        let (heard, words) = (heard.split(separator: " "), filler.split(separator: " "))
        func joined(_ parts: [Substring]) -> String { parts.joined(separator: " ") }
        for start in heard.indices where heard[start...].starts(with: words) {
            return joined(Array(heard[..<start] + heard[(start + words.count)...]))
        }
        // It was cut in the middle: then it is the last thing that was heard.
        for length in stride(from: min(words.count - 1, heard.count), to: 0, by: -1)
        where heard.suffix(length).elementsEqual(words.prefix(length)) {
            return joined(Array(heard.dropLast(length)))
        }
        return joined(heard)
    }
}
