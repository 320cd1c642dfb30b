import Foundation

extension ValueKind where Value == [String] {
    /// Words that mean something to somebody else, with commas between.
    static var words: Self {
        ValueKind(
            type: "list", range: "words with commas between",
            parse: { text in
                let words = text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
                return words.contains("") ? nil : words
            },
            format: { $0.joined(separator: ", ") }, isList: true)
    }
}
