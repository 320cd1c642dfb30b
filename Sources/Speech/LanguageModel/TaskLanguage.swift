/// The language models of a task's states, made from its grammar.
struct TaskLanguage: Sendable {
    private let grammar: SentenceGrammar
    private let background: [Int: Double]
    private let backgroundPairs: [NGram: Double]
    private let settings: PocketSphinxConfiguration.LanguageSettings
    private let counts: [NGramCounts]
    private let wholeTask: NGramCounts

    init(
        grammar: SentenceGrammar, background: [Int: Double], backgroundPairs: [NGram: Double],
        settings: PocketSphinxConfiguration.LanguageSettings
    ) {
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
