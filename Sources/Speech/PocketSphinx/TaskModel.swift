import Foundation

/// What a decoder needs to hear the callers of one task: a small dictionary and a language model for each state,
/// as files.
struct TaskModel: Sendable {
    /// The same for the same vocabulary and settings.
    let identifier: String
    let dictionary: URL
    /// State → language model.
    let languageModels: [String: URL]
    /// The words of the task; other words that can be heard are general English.
    let words: Set<String>

    /// The state whose model stands in for an unknown one: all sentences of the task.
    static let anyContext = ""

    /// Compiles `vocabulary`, or finds it compiled in the cache.
    ///
    /// - Throws: ``SpeechError/Code/invalidModel`` naming every word without a pronunciation.
    init(_ vocabulary: SpeechVocabulary, configuration: PocketSphinxConfiguration) throws(SpeechError) {
        let grammar = try SentenceGrammar(vocabulary)
        let words = grammar.spokenWords.subtracting(Hesitations.pronunciations.keys)
        let background = try BackgroundVocabulary(
            languageModel: configuration.models.appending(path: "en-us.lm.bin"),
            count: configuration.language.backgroundWords, cache: configuration.cache)

        var hash = StableHash()
        hash.combine("task 4 \(configuration.language) \(background.probabilities.count)")
        for context in vocabulary.contexts.sorted(by: { $0.name < $1.name }) {
            hash.combine(context.name)
            for sentence in context.sentences.sorted() { hash.combine(sentence) }
        }
        for (name, forms) in vocabulary.classes.sorted(by: { $0.key < $1.key }) {
            hash.combine(name)
            for form in forms.sorted() { hash.combine(form) }
        }
        for (word, phones) in vocabulary.pronunciations.sorted(by: { $0.key < $1.key }) {
            hash.combine("\(word) \(phones)")
        }
        let identifier = "task-\(hash.hexadecimal)"
        let directory = configuration.cache.appending(path: identifier)

        let dictionary = directory.appending(path: "words.dict")
        var pronunciations = try PronunciationDictionary(
            contentsOf: configuration.models.appending(path: "cmudict-en-us.dict"),
            words: words.union(background.probabilities.keys))
        pronunciations.override(with: vocabulary.pronunciations)
        let missing = pronunciations.missing(words)
        guard missing.isEmpty else {
            throw SpeechError(
                .invalidModel, operation: "look up words", provider: "pocketsphinx",
                detail: "no pronunciation for \(missing.joined(separator: ", ")); add them under pronunciations")
        }
        pronunciations.add(Hesitations.pronunciations)

        try CacheFile.write(dictionary) { pronunciations.file() }
        var languageModels: [String: URL] = [:]
        // Counting what the sentences say takes seconds: not where every file is there.
        var counted: TaskLanguage?
        func language() throws(SpeechError) -> TaskLanguage {
            if let counted { return counted }
            let known = background.probabilities.filter { pronunciations.variants[$0.key] != nil }
            let language = try TaskLanguage(
                grammar: grammar,
                general: known.merging(Hesitations.pronunciations.mapValues { _ in Hesitations.probability }) { $1 },
                pairs: Self.backgroundPairs(of: words.union(known.keys), configuration),
                settings: configuration.language)
            counted = language
            return language
        }
        for (index, context) in grammar.contexts.enumerated() {
            // The order of a vocabulary's contexts is not part of its identity.
            var name = StableHash()
            name.combine(context.name)
            let file = directory.appending(path: "\(name.hexadecimal).lm")
            try CacheFile.write(file) { () throws(SpeechError) in try language().model(context: index).arpa() }
            languageModels[context.name] = file
        }
        let whole = directory.appending(path: "any.lm")
        try CacheFile.write(whole) { () throws(SpeechError) in try language().model(context: nil).arpa() }
        languageModels[Self.anyContext] = whole

        self.identifier = identifier
        self.dictionary = dictionary
        self.languageModels = languageModels
        self.words = words
    }

    /// The pairs of general English among `words` that tell the most.
    private static func backgroundPairs(
        of words: Set<String>, _ configuration: PocketSphinxConfiguration
    ) throws(SpeechError) -> [(first: String, second: String, probability: Double)] {
        guard configuration.language.backgroundPairs > 0 else { return [] }
        return try GeneralEnglish(configuration.models.appending(path: "en-us.lm.bin"))
            .pairs(of: Array(words), count: configuration.language.backgroundPairs)
    }
}
