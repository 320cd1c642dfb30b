/// `speech.hypothesis` and `speech.phrase`; times are ticks of 100 ns since the turn's first sample.
struct AzurePhrase: Decodable {
    struct Best: Decodable {
        struct Word: Decodable {
            let text: String
            let offset: Double
            let duration: Double
            let confidence: Double?

            private enum CodingKeys: String, CodingKey {
                case text = "Word"
                case offset = "Offset"
                case duration = "Duration"
                case confidence = "Confidence"
            }
        }
        let confidence: Double?
        let lexical: String?
        let words: [Word]?

        private enum CodingKeys: String, CodingKey {
            case confidence = "Confidence"
            case lexical = "Lexical"
            case words = "Words"
        }
    }

    struct Language: Decodable {
        let language: String?

        private enum CodingKeys: String, CodingKey { case language = "Language" }
    }

    /// Of a phrase.
    let status: String?
    /// Of a hypothesis.
    let text: String?
    let displayText: String?
    let offset: Double?
    let duration: Double?
    let best: [Best]?
    let language: Language?

    private enum CodingKeys: String, CodingKey {
        case status = "RecognitionStatus"
        case text = "Text"
        case displayText = "DisplayText"
        case offset = "Offset"
        case duration = "Duration"
        case best = "NBest"
        case language = "PrimaryLanguage"
    }

    static let ticksPerSecond = 1e7
}
