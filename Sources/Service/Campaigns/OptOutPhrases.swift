/// Finds in what a person says that they do not want to be called any more. Words in any sentence around them; better once
/// too often than once too seldom.
enum OptOutPhrases {
    /// Each is words that must follow one another, `*` standing for up to three others.
    private static let patterns: [[String]] = [
        "stop calling", "stop * calling", "quit calling", "stop these calls", "stop the calls", "no more calls",
        "don't call", "do not call", "don't * call me", "do not * call me", "never call", "don't ring me",
        "do not ring me",
        "take me off", "take * off your list", "take * off the list", "take * off this list", "remove me",
        "remove my number",
        "remove this number", "delete my number", "lose my number", "unsubscribe", "opt out", "opt me out",
        "opting out",
        "don't want * calls", "do not want * calls", "don't want to be called", "do not want to be called",
    ].map { $0.split(separator: " ").map(String.init) }

    static func matches(_ text: String) -> Bool {
        let words = text.lowercased().replacing("’", with: "'")
            .split { !$0.isLetter && !$0.isNumber && $0 != "'" }.map(String.init)
        return words.indices.contains { start in patterns.contains { fits($0[...], words[start...]) } }
    }

    private static func fits(_ pattern: ArraySlice<String>, _ words: ArraySlice<String>) -> Bool {
        guard let first = pattern.first else { return true }
        if first == "*" {
            return (0...min(3, words.count)).contains { fits(pattern.dropFirst(), words.dropFirst($0)) }
        }
        return words.first == first && fits(pattern.dropFirst(), words.dropFirst())
    }
}
