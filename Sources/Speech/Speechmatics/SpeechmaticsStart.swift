import AudioCore

/// `StartRecognition`: what is sent, and what is wanted of it.
struct SpeechmaticsStart: Encodable, Sendable {
    struct Audio: Encodable, Sendable {
        let type = "raw"
        let encoding = "mulaw"
        let rate: Int

        private enum CodingKeys: String, CodingKey {
            case type, encoding
            case rate = "sample_rate"
        }
    }

    struct Transcription: Encodable, Sendable {
        struct Conversation: Encodable, Sendable {
            let silence: Double

            private enum CodingKeys: String, CodingKey { case silence = "end_of_utterance_silence_trigger" }
        }
        struct Term: Encodable, Sendable { let content: String }

        let language: String
        let model: String
        let givesPartials = true
        let maximumDelay: Double
        let conversation: Conversation
        let terms: [Term]?

        private enum CodingKeys: String, CodingKey {
            case language, model
            case givesPartials = "enable_partials"
            case maximumDelay = "max_delay"
            case conversation = "conversation_config"
            case terms = "additional_vocab"
        }
    }

    let message = "StartRecognition"
    let audio: Audio
    let transcription: Transcription

    private enum CodingKeys: String, CodingKey {
        case message
        case audio = "audio_format"
        case transcription = "transcription_config"
    }

    init(_ configuration: SpeechmaticsConfiguration, sampleRate: Int, vocabulary: SpeechVocabulary) {
        audio = Audio(rate: sampleRate)
        let terms = KeyTerms.of(vocabulary, first: configuration.keyTerms).map { Transcription.Term(content: $0) }
        transcription = Transcription(
            language: configuration.detectsLanguage ? "multi" : String(configuration.language.prefix { $0 != "-" }),
            model: configuration.model ?? (configuration.detectsLanguage ? "melia-1" : "enhanced"),
            maximumDelay: configuration.maximumDelay / .seconds(1),
            conversation: .init(silence: configuration.endOfUtterance / .seconds(1)), terms: terms.isEmpty ? nil : terms
        )
    }
}
