import CPocketSphinx

/// One state's language model as a decoder has it loaded: how likely a word is after two others.
///
/// Belongs to the decoder's thread and is not used after the decoder.
@safe final class WordLikelihoods {
    private let model: OpaquePointer
    private let logarithms: OpaquePointer
    /// Words asked for before, by their letters; nil is a word that the model does not know.
    private var numbers: [[UInt8]: Int32?] = [:]

    /// - Parameter model: an `ngram_model_t *` that the caller keeps alive.
    init(model: OpaquePointer, logarithms: OpaquePointer) {
        unsafe self.model = model
        unsafe self.logarithms = logarithms
    }

    /// Every word that it knows, signs left out, with the natural logarithm of its probability after anything.
    var words: [(word: [UInt8], logarithm: Double)] {
        guard let counts = unsafe ngram_model_get_counts(model) else { return [] }
        return (0..<Int32(clamping: unsafe counts[0])).compactMap { number in
            guard let text = unsafe ngram_word(model, number), unsafe text.pointee != 60 else { return nil }
            return (Array(unsafe String(cString: text).utf8), logarithm(of: number, after: (nil, nil)))
        }
    }

    /// The number of a word in this model, or nil.
    func number(of word: [UInt8]) -> Int32? {
        if let known = numbers[word] { return known }
        let unknown = unsafe ngram_unknown_wid(model)
        let number = unsafe ngram_wid(model, String(decoding: word, as: UTF8.self))
        let found = number == unknown || number < 0 ? nil : number
        numbers[word] = .some(found)
        return found
    }

    /// Natural logarithm of the probability of a word after `history`, the last word of it first.
    func logarithm(of word: Int32, after history: (Int32?, Int32?)) -> Double {
        var words = [history.0, history.1].prefix { $0 != nil }.map { $0! }
        var used: Int32 = 0
        let score = unsafe ngram_ng_prob(model, word, &words, Int32(words.count), &used)
        return unsafe logmath_log_to_ln(logarithms, score)
    }
}
