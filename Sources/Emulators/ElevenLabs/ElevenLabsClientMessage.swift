/// One message of a client of the multi-context socket.
struct ElevenLabsClientMessage: Decodable, Sendable {
    let text: String?
    let context: String?
    let hasSettings: Bool
    let flushes: Bool
    let closesContext: Bool
    let closesSocket: Bool

    private enum CodingKeys: String, CodingKey {
        case text, flush
        case context = "context_id"
        case settings = "voice_settings"
        case closesContext = "close_context"
        case closesSocket = "close_socket"
    }

    private struct Settings: Decodable {
        init(from decoder: any Decoder) throws {
            try decoder.allowOnly(["stability", "similarity_boost", "style", "use_speaker_boost", "speed"])
            let container = try decoder.container(keyedBy: AnyKey.self)
            for (name, range) in [("stability", 0.0...1), ("similarity_boost", 0...1), ("speed", 0.7...1.2)] {
                let key = AnyKey(stringValue: name)
                guard let value = try container.decodeIfPresent(Double.self, forKey: key) else { continue }
                guard range.contains(value) else {
                    throw DecodingError.dataCorruptedError(
                        forKey: key, in: container, debugDescription: "must lie in \(range)")
                }
            }
        }
    }

    init(from decoder: any Decoder) throws {
        try decoder.allowOnly([
            "text", "context_id", "voice_settings", "generation_config", "flush", "close_context", "close_socket",
            "pronunciation_dictionary_locators", "xi_api_key", "authorization",
        ])
        let container = try decoder.container(keyedBy: CodingKeys.self)
        text = try container.decodeIfPresent(String.self, forKey: .text)
        context = try container.decodeIfPresent(String.self, forKey: .context)
        hasSettings = try container.decodeIfPresent(Settings.self, forKey: .settings) != nil
        flushes = try container.decodeIfPresent(Bool.self, forKey: .flush) ?? false
        closesContext = try container.decodeIfPresent(Bool.self, forKey: .closesContext) ?? false
        closesSocket = try container.decodeIfPresent(Bool.self, forKey: .closesSocket) ?? false
    }
}
