import CPocketSphinx
import Foundation

/// The installed language model of general English: the only owner of its handles, for one thread.
@safe struct GeneralEnglish: ~Copyable {
    private let logarithms: OpaquePointer
    private let model: OpaquePointer
    /// Word → its number in the model; plain words only, no symbols.
    private let numbers: [String: Int32]

    /// - Throws: ``SpeechError/Code/invalidModel`` when `file` cannot be read.
    init(_ file: URL) throws(SpeechError) {
        let failure = SpeechError(
            .invalidModel, operation: "ngram_model_read \(file.path)", provider: "pocketsphinx",
            detail: "cannot be read; install the package pocketsphinx-en-us")
        guard let logarithms = unsafe logmath_init(1.0001, 0, 0) else { throw failure }
        guard let model = unsafe ngram_model_read(nil, file.path, NGRAM_AUTO, logarithms),
            let counts = unsafe ngram_model_get_counts(model)
        else {
            unsafe logmath_free(logarithms)
            throw failure
        }
        var numbers: [String: Int32] = [:]
        for number in unsafe 0..<Int32(counts[0]) {
            guard let pointer = unsafe ngram_word(model, number) else { continue }
            let word = unsafe String(cString: pointer)
            if word.utf8.allSatisfy({ (97...122).contains($0) || $0 == 39 }) { numbers[word] = number }
        }
        self.numbers = numbers
        unsafe self.logarithms = logarithms
        unsafe self.model = model
    }

    deinit {
        unsafe ngram_model_free(model)
        unsafe logmath_free(logarithms)
    }

    var words: [String] { Array(numbers.keys) }

    /// Of a word after anything; zero for an unknown one.
    func probability(of word: String) -> Double {
        guard let number = numbers[word] else { return 0 }
        var used: Int32 = 0
        return unsafe logmath_exp(logarithms, ngram_ng_prob(model, number, nil, 0, &used))
    }

    /// The pairs of `words` that tell the most: how often the pair is said, times how much likelier the first word makes
    /// the second.
    ///
    /// - Parameter words: as strings, each once.
    /// - Returns: at most `count` pairs with the probability of the second word after the first.
    func pairs(of words: [String], count: Int) -> [(first: String, second: String, probability: Double)] {
        let known = words.sorted().compactMap { word in numbers[word].map { (word: word, number: $0) } }
        var found: [(first: Int, second: Int, probability: Double, worth: Double)] = []
        let alone = known.map { probability(of: $0.word) }
        for (first, one) in known.enumerated() {
            var history = one.number
            for (second, two) in known.enumerated() {
                var used: Int32 = 0
                let score = unsafe ngram_ng_prob(model, two.number, &history, 1, &used)
                // Less than two: the model holds no such pair and fell back to the word alone.
                guard used == 2 else { continue }
                let probability = unsafe logmath_exp(logarithms, score)
                guard probability > alone[second], alone[second] > 0 else { continue }
                let worth = alone[first] * probability * log(probability / alone[second])
                found.append((first, second, probability, worth))
            }
        }
        found.sort { ($0.worth, $1.first, $1.second) > ($1.worth, $0.first, $0.second) }
        return found.prefix(count).map { (known[$0.first].word, known[$0.second].word, $0.probability) }
    }
}
