/// What a decoder made of an utterance: its best path and the scores along it.
struct DecodedUtterance: Sendable, Equatable {
    struct Segment: Sendable, Equatable {
        /// The word, with its pronunciation variant (`the(2)`), or a filler (`<sil>`, `[NOISE]`).
        var text: String
        /// 10 ms each, from the start of the utterance.
        var frames: Range<Int>
        /// Natural logarithm of the word's posterior probability in the lattice.
        var posterior: Double
        /// Natural logarithm of the likelihood, relative to each frame's best state.
        var acoustic: Double
        /// Natural logarithm of the language model's probability, weighted.
        var language: Double
        /// How many words the language model used: 3 as in the examples, 1 when backed off to single words.
        var order: Int

        var isFiller: Bool { text.hasPrefix("<") || text.hasPrefix("[") || text.hasPrefix("+") }

        /// The word without its pronunciation variant.
        var word: String { String(text.prefix { $0 != "(" }) }
    }

    var segments: [Segment]
    var frameCount: Int
    /// Natural logarithm of the best path's posterior probability in the lattice.
    var posterior: Double

    static let samplesPerFrame = 80

    /// The words, without fillers.
    var words: [Segment] { segments.filter { !$0.isFiller } }
}
