/// Turns a sentence into the features that intents are told apart by.
///
/// Words, the beginnings of longer words ("appo" for "appointment" and "appointments"), pairs of neighbours, and how much
/// of the sentence the task's language covers at all. Only words of the task are features; what a stranger's sentence
/// consists of shows in the coverage.
struct IntentFeatures: Sendable {
    private let indices: [String: Int]
    private let wordCounts: [String: Int]
    private let pairCounts: [String: Int]

    /// Number of features; the last one is the bias.
    var count: Int { indices.count + 1 }

    /// - Parameter groups: for each example the sentences that stand for it: itself, and itself with words lost.
    init(groups: [[[String]]]) {
        var indices: [String: Int] = [:]
        var wordCounts: [String: Int] = [:]
        var pairCounts: [String: Int] = [:]
        for sentences in groups {
            for word in Set(sentences.joined()) { wordCounts[word, default: 0] += 1 }
            for pair in Set(sentences.flatMap(Self.pairs)) { pairCounts[pair, default: 0] += 1 }
            for name in sentences.flatMap(Self.names) where indices[name] == nil { indices[name] = indices.count }
        }
        for name in Self.coverageNames where indices[name] == nil { indices[name] = indices.count }
        self.indices = indices
        self.wordCounts = wordCounts
        self.pairCounts = pairCounts
    }

    /// The features present in `words`, all of equal weight.
    ///
    /// - Parameter isExample: the sentence was counted when the features were made, so its own words and pairs do not
    ///   prove that the task's language covers it.
    func features(of words: [String], isExample: Bool) -> [Int] {
        var result = Self.names(words).compactMap { indices[$0] }
        let threshold = isExample ? 1 : 0
        let pairs = Self.pairs(words)
        let strangeWords = words.count { wordCounts[$0, default: 0] <= threshold }
        let strangePairs = pairs.count { pairCounts[$0, default: 0] <= threshold }
        let names = [
            "words:\(Self.bucket(strangeWords, of: words.count))",
            "pairs:\(Self.bucket(strangePairs, of: pairs.count))",
            "length:\(min(words.count, 8) / 2)",
        ]
        result += names.compactMap { indices[$0] }
        result.append(indices.count)
        return result
    }

    /// Whether any example of the task has the word, or the class.
    func knows(_ word: String) -> Bool { wordCounts[word] != nil }

    private static let coverageNames =
        (0...5).flatMap { ["words:\($0)", "pairs:\($0)", "length:\($0)"] }

    private static func names(_ words: [String]) -> [String] {
        var names: Set<String> = []
        for word in words {
            names.insert("w:" + word)
            if word.count >= 5, !word.hasPrefix("<") { names.insert("p:" + word.prefix(4)) }
        }
        for pair in pairs(words) { names.insert("b:" + pair) }
        return names.sorted()
    }

    private static func pairs(_ words: [String]) -> [String] {
        let framed = ["<s>"] + words + ["</s>"]
        return zip(framed, framed.dropFirst()).map { "\($0) \($1)" }
    }

    /// 0 for none, then fifths.
    private static func bucket(_ part: Int, of whole: Int) -> Int {
        guard part > 0, whole > 0 else { return 0 }
        return min(5, (part * 5 + whole - 1) / whole)
    }
}
