package import Foundation

/// How the embedded recognizer is set up. The defaults are what the tuning fixtures chose.
package struct PocketSphinxConfiguration: Sendable {
    /// The installed models: `en-us/` (acoustic), `cmudict-en-us.dict` and `en-us.lm.bin`.
    package var models = URL(filePath: "/usr/share/pocketsphinx/model/en-us")
    /// Where derived models are kept; made if absent, can be deleted at any time.
    package var cache: URL
    /// Decoders, each with a thread of its own. Utterances being decoded at once, 1...512; more are refused.
    package var decoderCount = 4
    /// Audio before ``RecognitionSession/beginUtterance(_:context:)`` that still belongs to the utterance.
    package var preRoll: Duration = .milliseconds(300)
    /// Audio before the pre-roll that only teaches the noise suppression what the line sounds like.
    package var noiseHistory: Duration = .milliseconds(600)
    /// Audio between two interim transcripts of an utterance.
    package var interimInterval: Duration = .milliseconds(200)
    /// What an utterance holds beyond this is not decoded.
    package var maximumUtterance: Duration = .seconds(20)
    /// The most audio a session keeps while its decoder is busy.
    package var inletCapacity: Duration = .seconds(4)
    /// The most that steady noise is lowered before decoding, dB; nil leaves the sound as it is.
    package var noiseAttenuation: Int? = 15
    package var search = SearchSettings()
    package var language = LanguageSettings()

    package init(cache: URL) { self.cache = cache }

    /// The decoder's search. Probabilities unless said otherwise.
    package struct SearchSettings: Sendable, Hashable {
        /// Paths less likely than the best by this factor are dropped, each frame.
        package var beam = 1e-60
        package var wordBeam = 1e-40
        package var phoneBeam = 1e-60
        package var lastPhoneBeam = 1e-50
        /// Exponent of the language model against the acoustic model.
        package var languageWeight = 10.0
        package var wordInsertionPenalty = 0.65
        package var silenceProbability = 0.005
        package var fillerProbability = 1e-8
        package var maximumActiveStates = 10000
        /// Whether a second, flat search over the words found follows the first one.
        package var searchesTwice = true

        package init() {}
    }

    /// How language models are built from a vocabulary.
    package struct LanguageSettings: Sendable, Hashable {
        /// Share of the other states' sentences in each state's model, 0...1.
        package var taskShare = 0.3
        package var trigramShare = 0.7
        package var bigramShare = 0.7
        /// Share of general English in the words, 0..<1.
        package var backgroundShare = 0.02
        /// How many of the commonest English words can be heard beside the task's.
        package var backgroundWords = 1000
        /// How many pairs of general English are known beside the task's.
        package var backgroundPairs = 20_000
        /// Share of those pairs in what the task's sentences leave, 0..<1.
        package var backgroundPairShare = 0.3

        package init() {}
    }
}
