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
        var grammar = try SentenceGrammar(vocabulary)
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

        var general: [Int: Double] = [:]
        for (word, probability) in background.probabilities.sorted(by: { $0.key < $1.key })
        where pronunciations.variants[word] != nil {
            general[grammar.number(of: word)] = probability
        }
        for word in Hesitations.pronunciations.keys.sorted() {
            general[grammar.number(of: word)] = Hesitations.probability
        }

        try CacheFile.write(dictionary) { pronunciations.file() }
        let pairs = try Self.backgroundPairs(
            of: Set(general.keys.map { grammar.words[$0] }).union(words), configuration: configuration,
            cache: directory.appending(path: "pairs.txt"))
        let numbered = Dictionary(
            uniqueKeysWithValues: pairs.map {
                (NGram(grammar.number(of: $0.first), grammar.number(of: $0.second)), $0.probability)
            })
        var languageModels: [String: URL] = [:]
        let builder = TaskLanguage(
            grammar: grammar, background: general, backgroundPairs: numbered, settings: configuration.language)
        for (index, context) in grammar.contexts.enumerated() {
            // The order of a vocabulary's contexts is not part of its identity.
            var name = StableHash()
            name.combine(context.name)
            let file = directory.appending(path: "\(name.hexadecimal).lm")
            try CacheFile.write(file) { builder.model(context: index).arpa() }
            languageModels[context.name] = file
        }
        let whole = directory.appending(path: "any.lm")
        try CacheFile.write(whole) { builder.model(context: nil).arpa() }
        languageModels[Self.anyContext] = whole

        self.identifier = identifier
        self.dictionary = dictionary
        self.languageModels = languageModels
        self.words = words
    }

    /// The pairs of general English among `words`, from `cache` or counted and kept there.
    private static func backgroundPairs(
        of words: Set<String>, configuration: PocketSphinxConfiguration, cache: URL
    ) throws(SpeechError) -> [(first: String, second: String, probability: Double)] {
        guard configuration.language.backgroundPairs > 0 else { return [] }
        try CacheFile.write(cache) { () throws(SpeechError) in
            let general = try GeneralEnglish(configuration.models.appending(path: "en-us.lm.bin"))
            return general.pairs(of: Array(words), count: configuration.language.backgroundPairs)
                .map { "\($0.first) \($0.second) \($0.probability)\n" }.joined()
        }
        let text = (try? String(contentsOf: cache, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ")
            guard fields.count == 3, let probability = Double(fields[2]) else { return nil }
            return (String(fields[0]), String(fields[1]), probability)
        }
    }
}
