import Agent

extension ParleyConfiguration {
    /// Ears and voice, where the agent does not choose its own.
    package struct Speech: Sendable, Equatable {
        /// Who hears, the preferred one first; the next one when it fails or is slow.
        package var recognizer = [Engine.embedded]
        /// Who speaks, likewise.
        package var synthesizer = [Engine.embedded]
        /// Who hears callers of agents that speak Spanish; nil for ``recognizer``.
        package var spanishRecognizer: [Engine]?
        /// Who speaks Spanish; nil for ``synthesizer``.
        package var spanishSynthesizer: [Engine]?
        /// Embedded recognitions that may run at a time, 1 ... 64.
        package var decoders = ProcessorCount.upTo(64)
        /// Embedded synthesis workers, 1 ... 64.
        package var voices = 2
        /// How loud all voices are made, LUFS; nil leaves them as they are.
        package var loudness: Int? = -21
        /// Room for phrases synthesised before, in bytes; 0 keeps none.
        package var phraseCache = 32_000_000
        /// Where vendors' phrases are kept over restarts.
        package var phraseStore = "var/phrases"
        /// Room for them, in bytes; 0 keeps none.
        package var phraseStoreSize = 256_000_000
        /// Where models derived at run time are kept.
        package var models = "var/models"
        /// The embedded recognizer's acoustic model, as installed.
        package var acousticModel = "/usr/share/pocketsphinx/model/en-us"
        package var secondRecognizer = SecondRecognizer.moonshine
        package var voiceDetector = VoiceDetector.builtin
        package var endOfTurn = EndOfTurnModel.none
        /// Where the neural models and their runtime are.
        package var neuralModels = ".cache/neural"

        func recognizer(of language: SpokenLanguage) -> [Engine] {
            switch language {
            case .english: recognizer
            case .spanish: spanishRecognizer ?? recognizer
            }
        }

        func synthesizer(of language: SpokenLanguage) -> [Engine] {
            switch language {
            case .english: synthesizer
            case .spanish: spanishSynthesizer ?? synthesizer
            }
        }

        /// Everybody who hears, each once.
        var recognizers: [Engine] { recognizer + (spanishRecognizer ?? []).filter { !recognizer.contains($0) } }

        /// Everybody who speaks, each once.
        var synthesizers: [Engine] { synthesizer + (spanishSynthesizer ?? []).filter { !synthesizer.contains($0) } }

        /// What hears once more what the embedded recognizer has heard.
        package enum SecondRecognizer: String, Sendable, CaseIterable {
            /// The Moonshine model; nothing where it is absent.
            case moonshine
            case none
        }

        /// What listens for the caller's voice.
        package enum VoiceDetector: String, Sendable, CaseIterable {
            /// Band energies against a noise floor.
            case builtin
            /// The Silero model; the built-in detector where it is absent.
            case silero
        }

        /// What hears whether the caller has finished, beside words and pauses.
        package enum EndOfTurnModel: String, Sendable, CaseIterable {
            case none
            /// The Smart Turn model; nothing where it is absent.
            case smartTurn = "smart_turn"
        }

        /// Who hears or speaks.
        package enum Engine: Sendable, Equatable {
            /// The engine inside this program; works without a network.
            case embedded
            /// A key of ``ParleyConfiguration/providers``.
            case provider(String)

            package var name: String {
                switch self {
                case .embedded: "embedded"
                case .provider(let name): name
                }
            }
        }
    }
}
