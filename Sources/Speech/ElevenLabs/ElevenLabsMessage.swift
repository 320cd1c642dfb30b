import Foundation

/// What ElevenLabs says on a multi-context socket.
package enum ElevenLabsMessage {
    /// - Throws: `DecodingError` for what is not JSON, or audio that is not base64.
    package static func read(_ bytes: Span<UInt8>) throws -> ContextVoiceMessage {
        let data = unsafe bytes.withUnsafeBytes { unsafe Data($0) }
        let wire = try JSONDecoder().decode(Wire.self, from: data)
        if let error = wire.error ?? wire.message {
            return .failure(failure(error, detail: wire.message))
        } else if let context = wire.context ?? wire.contextInSnakeCase {
            var audio: [UInt8] = []
            if let text = wire.audio {
                guard let decoded = Data(base64Encoded: text) else {
                    throw DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "audio is not base64"))
                }
                audio = Array(decoded)
            }
            return .audio(
                context: context, audio: audio, isLast: wire.isFinal ?? wire.isFinalInSnakeCase ?? false,
                timing: wire.alignment?.pieces ?? [])
        } else {
            return .other
        }
    }

    /// When each character of a message is said, in milliseconds since its first sample. One that is not whole tells nothing.
    private struct Alignment: Decodable {
        let characters: [String]?
        let starts: [Double]?
        let durations: [Double]?
        let durationsAsPublished: [Double]?

        private enum CodingKeys: String, CodingKey {
            case characters = "chars"
            case starts = "charStartTimesMs"
            case durations = "charDurationsMs"
            case durationsAsPublished = "charsDurationsMs"
        }

        var pieces: [TimedPiece] {
            guard let characters, let starts, let durations = durations ?? durationsAsPublished,
                characters.count == starts.count, starts.count == durations.count
            else { return [] }
            return characters.indices.map {
                TimedPiece(characters[$0], end: (starts[$0] + durations[$0]) / 1000)
            }
        }
    }

    /// The vendor writes some keys in two ways.
    private struct Wire: Decodable {
        let audio: String?
        let context: String?
        let contextInSnakeCase: String?
        let isFinal: Bool?
        let isFinalInSnakeCase: Bool?
        let message: String?
        let error: String?
        let alignment: Alignment?

        private enum CodingKeys: String, CodingKey {
            case audio, isFinal, message, error, alignment
            case context = "contextId"
            case contextInSnakeCase = "context_id"
            case isFinalInSnakeCase = "is_final"
        }
    }

    private static func failure(_ error: String, detail: String?) -> SpeechError {
        let code: SpeechError.Code =
            switch error {
            case "max_active_conversations", "too_many_concurrent_requests", "system_busy", "rate_limit_exceeded":
                .overloaded
            case "input_timeout_exceeded", "internal_error": .unavailable
            case "invalid_api_key", "unauthorized", "quota_exceeded": .unauthorized
            default: .refused
            }
        return SpeechError(
            code, operation: ElevenLabsConfiguration.operation, provider: ElevenLabsConfiguration.provider,
            detail: detail.map { "\(error): \($0)" } ?? error)
    }
}
