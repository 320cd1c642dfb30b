/// Hears an e-mail address, also in two halves.
struct EmailForm: CaptureForm {
    private var address = ""
    /// What stands before the sign, until the rest is said.
    private var local = ""

    /// Said as words; any other part of an address is spelled.
    private static let wellKnown: Set<String> = [
        "gmail", "yahoo", "outlook", "hotmail", "icloud", "aol", "proton", "gmx", "web", "example", "mail", "com",
        "net",
        "org", "info",
    ]

    var isEmpty: Bool { address.isEmpty && local.isEmpty }

    var expectation: (kind: Expectation.Kind, longestKeys: Int?) { (.digits, nil) }

    var question: String? {
        guard address.isEmpty else { return nil }
        return local.isEmpty ? "" : "I have \(CaptureWords.spell(local)). And what comes after the at sign?"
    }

    var readBack: String {
        let halves = address.split(separator: "@", maxSplits: 1)
        guard halves.count == 2 else { return "" }
        let domain = halves[1].split(separator: ".").map {
            Self.wellKnown.contains(String($0)) ? String($0) : CaptureWords.spell($0)
        }
        return "That is \(CaptureWords.spell(halves[0])), at \(domain.joined(separator: " dot ")). Is that right?"
    }

    var value: JSONValue { .string(address) }

    mutating func take(_ words: [String], isReadBack: Bool) -> CaptureHearing {
        let words = Array(words.drop { ["no", "nope", "sorry"].contains($0) })
        let grammar = EmailGrammar(words: words)
        if let found = words.indices.lazy.compactMap({ grammar.match(at: $0) }).first {
            (address, local) = (found.address, "")
            return .understood
        }
        let isDomain = words.contains("dot") && !local.isEmpty
        if isDomain {
            // The half that was missing: "at example dot com", "example dot com".
            let rest = Array(words.drop { $0 == "at" || CaptureWords.fillers.contains($0) })
            let whole = EmailGrammar(words: ["x", "at"] + rest)
            guard let found = whole.match(at: 0), let at = found.address.firstIndex(of: "@") else { return .nothing }
            address = local + found.address[at...]
            local = ""
            return .understood
        }
        let start = words.indices.first { CaptureWords.spelling(words, from: $0).length >= 2 }
        guard let start else { return .nothing }
        local = CaptureWords.spelling(words, from: start).text
        address = ""
        return .understood
    }

    mutating func forget(named words: [String]) { (address, local) = ("", "") }
}
