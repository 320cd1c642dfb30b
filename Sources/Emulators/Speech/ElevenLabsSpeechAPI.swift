import Foundation
import Networking

/// ElevenLabs' `POST /v1/text-to-speech/VOICE/stream`.
struct ElevenLabsSpeechAPI: EmulatedSpeechAPI {
    let invalidCode = "validation_error"

    private struct Body: Decodable {
        let text: String
        let model: String?
        let language: String?

        private enum CodingKeys: String, CodingKey {
            case text
            case model = "model_id"
            case language = "language_code"
        }

        init(from decoder: any Decoder) throws {
            try decoder.allowOnly([
                "text", "model_id", "language_code", "voice_settings", "pronunciation_dictionary_locators", "seed",
                "previous_text", "next_text", "previous_request_ids", "next_request_ids", "apply_text_normalization",
                "apply_language_text_normalization", "use_pvc_as_ivc",
            ])
            let container = try decoder.container(keyedBy: CodingKeys.self)
            text = try container.decode(String.self, forKey: .text)
            model = try container.decodeIfPresent(String.self, forKey: .model)
            language = try container.decodeIfPresent(String.self, forKey: .language)
        }
    }

    private static let parameters: Set<String> = [
        "output_format", "enable_logging", "optimize_streaming_latency",
    ]

    func owns(_ path: String) -> Bool { path.hasPrefix("/v1/text-to-speech/") }

    func answer(
        _ request: HTTPRequest, number: Int, _ configuration: SpeechEmulatorConfiguration
    ) throws -> (type: String, headers: [(String, String)], chunks: [[UInt8]]) {
        guard request.method == "POST" else { throw EmulatedRefusal(405, "method_not_allowed", "POST it") }
        let path = request.path.split(separator: "/")
        guard path.count == 4, path[3] == "stream" else { throw EmulatedRefusal(404, "not_found", "no such path") }
        guard request[header: "xi-api-key"] == configuration.apiKey else {
            throw EmulatedRefusal(401, "invalid_api_key", "Invalid API key")
        }
        let query = Query(request.query)
        if let stranger = query.items.first(where: { !Self.parameters.contains($0.name) }) {
            throw EmulatedRefusal(422, invalidCode, "unknown parameter \(stranger.name)")
        }
        let body = try JSONDecoder().decode(Body.self, from: Data(request.body))
        guard !body.text.isEmpty, body.text.count <= 40_000 else {
            throw EmulatedRefusal(400, "max_character_limit_exceeded", "text: 1 to 40000 characters")
        }
        if let language = body.language {
            guard language.count == 2 else { throw EmulatedRefusal(422, invalidCode, "language_code is ISO 639-1") }
            guard body.model?.hasSuffix("v2_5") == true else {
                throw EmulatedRefusal(
                    400, "unsupported_language", "\(body.model ?? "the model") takes no language_code")
            }
        }
        let (encoding, rate, type) = try Self.format(query["output_format"] ?? "mp3_44100_128")
        return (
            type, [("request-id", "emulated"), ("character-cost", String(body.text.count))],
            EmulatedSpeech.chunks(
                body.text, encoding, sampleRate: rate, characterDuration: configuration.characterDuration,
                chunkDuration: configuration.chunkDuration)
        )
    }

    private static func format(_ name: String) throws -> (EmulatedSpeech.Encoding, Int, type: String) {
        switch name {
        case "ulaw_8000": return (.mulaw, 8000, "audio/basic")
        case "alaw_8000": return (.alaw, 8000, "audio/alaw")
        case "pcm_8000", "pcm_16000", "pcm_22050", "pcm_24000", "pcm_44100":
            return (.linear16, Int(name.dropFirst(4)) ?? 0, "audio/pcm")
        default: throw EmulatedRefusal(400, "invalid_output_format", "the emulator does not speak \(name)")
        }
    }

    func refuse(_ refusal: EmulatedRefusal) -> StreamedResponse {
        var body = JSONText()
        body.raw(#"{"detail":{"status":"#)
        body.string(refusal.code)
        body.raw(#","message":"#)
        body.string(refusal.message)
        body.raw("}}")
        return .json(body.bytes, status: refusal.status)
    }
}
