/// The language models of a task's states, made from its grammar.
struct TaskLanguage: Sendable {
    private let grammar: SentenceGrammar
    private let background: [Int: Double]
    private let backgroundPairs: [NGram: Double]
    private let settings: PocketSphinxConfiguration.LanguageSettings
    private let counts: [NGramCounts]
    private let wholeTask: NGramCounts

    /// - Parameters:
    ///   - general: general English, word by word; need not sum to one.
    ///   - pairs: how likely the second word is after the first in general English.
    init(
        grammar: SentenceGrammar, general: [String: Double],
        pairs: [(first: String, second: String, probability: Double)],
        settings: PocketSphinxConfiguration.LanguageSettings
    ) {
        var grammar = grammar
        var background: [Int: Double] = [:]
        for (word, probability) in general.sorted(by: { $0.key < $1.key }) {
            background[grammar.number(of: word)] = probability
        }
        var backgroundPairs: [NGram: Double] = [:]
        for pair in pairs {
            backgroundPairs[NGram(grammar.number(of: pair.first), grammar.number(of: pair.second))] = pair.probability
        }
        self.grammar = grammar
        self.background = background
        self.backgroundPairs = backgroundPairs
        self.settings = settings
        counts = grammar.contexts.map { context in
            var counts = NGramCounts()
            for sentence in context.sentences { counts.add(sentence.value, weight: sentence.weight, in: grammar) }
            return counts
        }
        var whole = NGramCounts()
        for count in counts { whole.add(count, weight: 1 / Double(counts.count)) }
        wholeTask = whole
    }

    /// - Parameter context: the state, or nil for a model of the whole task.
    func model(context: Int?) -> TrigramModel {
        var mixture = NGramCounts()
        if let context {
            mixture.add(counts[context], weight: 1 - settings.taskShare)
            mixture.add(wholeTask, weight: settings.taskShare)
        } else {
            mixture.add(wholeTask, weight: 1)
        }
        return TrigramModel(
            grammar: grammar, counts: mixture, background: background, backgroundPairs: backgroundPairs,
            smoothing: .init(
                trigram: settings.trigramShare, bigram: settings.bigramShare, background: settings.backgroundShare,
                backgroundPair: settings.backgroundPairShare))
    }
}
