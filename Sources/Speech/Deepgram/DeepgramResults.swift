/// One `Results` message.
extension RecognizedSegment: Decodable {
    private enum CodingKeys: String, CodingKey {
        case start, duration, channel
        case isFinal = "is_final"
        case speechFinal = "speech_final"
        case fromFinalize = "from_finalize"
    }

    private struct Channel: Decodable {
        struct Alternative: Decodable {
            let transcript: String
            let confidence: Double?
            let words: [Word]?
            /// Of `language=multi`, the most spoken one first.
            let languages: [String]?
        }
        let alternatives: [Alternative]
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        start = try container.decode(Double.self, forKey: .start)
        duration = try container.decode(Double.self, forKey: .duration)
        isFinal = try container.decodeIfPresent(Bool.self, forKey: .isFinal) ?? false
        speechFinal = try container.decodeIfPresent(Bool.self, forKey: .speechFinal) ?? false
        fromFinalize = try container.decodeIfPresent(Bool.self, forKey: .fromFinalize) ?? false
        let best = try container.decode(Channel.self, forKey: .channel).alternatives.first
        transcript = best?.transcript ?? ""
        confidence = best?.confidence ?? 0
        words = best?.words ?? []
        language = best?.languages?.first
    }
}
