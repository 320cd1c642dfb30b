/// One message of a client.
struct CartesiaClientMessage: Decodable, Sendable {
    struct Voice: Decodable, Sendable {
        let mode: String
        let id: String

        private enum CodingKeys: String, CodingKey { case mode, id }

        init(from decoder: any Decoder) throws {
            try decoder.allowOnly(["mode", "id"])
            let container = try decoder.container(keyedBy: CodingKeys.self)
            mode = try container.decode(String.self, forKey: .mode)
            id = try container.decode(String.self, forKey: .id)
        }
    }

    struct Output: Decodable, Sendable, Equatable {
        let container: String
        let encoding: String
        let rate: Int

        private enum CodingKeys: String, CodingKey {
            case container, encoding
            case rate = "sample_rate"
        }
    }

    let context: String
    let isCancel: Bool
    let transcript: String?
    let output: Output?
    let goesOn: Bool
    let wantsTimes: Bool

    private enum CodingKeys: String, CodingKey {
        case cancel, transcript, voice
        case context = "context_id"
        case model = "model_id"
        case output = "output_format"
        case goesOn = "continue"
        case bufferDelay = "max_buffer_delay_ms"
        case wantsTimes = "add_timestamps"
    }

    init(from decoder: any Decoder) throws {
        try decoder.allowOnly([
            "context_id", "cancel", "model_id", "transcript", "voice", "language", "output_format", "continue",
            "add_timestamps", "add_phoneme_timestamps", "use_normalized_timestamps", "max_buffer_delay_ms", "flush",
            "generation_config", "pronunciation_dict_id", "duration",
        ])
        let container = try decoder.container(keyedBy: CodingKeys.self)
        context = try container.decode(String.self, forKey: .context)
        isCancel = try container.decodeIfPresent(Bool.self, forKey: .cancel) ?? false
        goesOn = try container.decodeIfPresent(Bool.self, forKey: .goesOn) ?? false
        wantsTimes = try container.decodeIfPresent(Bool.self, forKey: .wantsTimes) ?? false
        guard !isCancel else {
            transcript = nil
            output = nil
            return
        }
        _ = try container.decode(String.self, forKey: .model)
        _ = try container.decode(Voice.self, forKey: .voice)
        transcript = try container.decode(String.self, forKey: .transcript)
        output = try container.decode(Output.self, forKey: .output)
        if let delay = try container.decodeIfPresent(Int.self, forKey: .bufferDelay), !(0...5000).contains(delay) {
            throw DecodingError.dataCorruptedError(
                forKey: .bufferDelay, in: container, debugDescription: "must lie in 0...5000")
        }
    }
}
