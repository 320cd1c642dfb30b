import Foundation
import Networking

/// OpenAI's `POST /v1/audio/speech`.
struct OpenAISpeechAPI: EmulatedSpeechAPI {
    let invalidCode = "invalid_request_error"

    private struct Voice: Decodable {
        init(from decoder: any Decoder) throws {
            if let name = try? decoder.singleValueContainer().decode(String.self) {
                guard !name.isEmpty else {
                    throw DecodingError.dataCorrupted(
                        .init(codingPath: decoder.codingPath, debugDescription: "is empty"))
                }
                return
            }
            try decoder.allowOnly(["id"])
            _ = try decoder.container(keyedBy: AnyKey.self).decode(String.self, forKey: AnyKey(stringValue: "id"))
        }
    }

    private struct Body: Decodable {
        let model: String
        let input: String
        let voice: Voice
        let responseFormat: String
        let speed: Double?
        let streamFormat: String?

        private enum CodingKeys: String, CodingKey {
            case model, input, voice, speed
            case responseFormat = "response_format"
            case streamFormat = "stream_format"
        }

        init(from decoder: any Decoder) throws {
            try decoder.allowOnly([
                "model", "input", "voice", "response_format", "stream_format", "speed", "instructions",
            ])
            let container = try decoder.container(keyedBy: CodingKeys.self)
            model = try container.decode(String.self, forKey: .model)
            input = try container.decode(String.self, forKey: .input)
            voice = try container.decode(Voice.self, forKey: .voice)
            responseFormat = try container.decodeIfPresent(String.self, forKey: .responseFormat) ?? "mp3"
            speed = try container.decodeIfPresent(Double.self, forKey: .speed)
            streamFormat = try container.decodeIfPresent(String.self, forKey: .streamFormat)
        }
    }

    func owns(_ path: String) -> Bool { path == "/v1/audio/speech" }

    func answer(
        _ request: HTTPRequest, number: Int, _ configuration: SpeechEmulatorConfiguration
    ) throws -> (type: String, headers: [(String, String)], chunks: [[UInt8]]) {
        try OpenAIAudioRim.check(request, apiKey: configuration.apiKey)
        guard request[header: "content-type"]?.hasPrefix("application/json") == true else {
            throw EmulatedRefusal(400, invalidCode, "you must send Content-Type: application/json")
        }
        let body = try JSONDecoder().decode(Body.self, from: Data(request.body))
        guard !body.input.isEmpty, body.input.count <= 4096 else {
            throw EmulatedRefusal(400, "string_too_long", "input: 1 to 4096 characters")
        }
        if let speed = body.speed, !(0.25...4).contains(speed) {
            throw EmulatedRefusal(400, invalidCode, "speed: 0.25 to 4")
        }
        guard body.streamFormat ?? "audio" == "audio" else {
            throw EmulatedRefusal(400, invalidCode, "the emulator streams audio only")
        }
        // A server that is not OpenAI's may speak at a rate of its own, and says so.
        let rate = body.model.contains("piper") ? 22_050 : 24_000
        var chunks = EmulatedSpeech.chunks(
            body.input, .linear16, sampleRate: rate, characterDuration: configuration.characterDuration,
            chunkDuration: configuration.chunkDuration)
        switch body.responseFormat {
        case "pcm": return (rate == 24_000 ? "audio/pcm" : "audio/pcm;rate=\(rate)", [], chunks)
        case "wav":
            chunks.insert(EmulatedSpeech.wavHead(sampleRate: rate, byteCount: nil), at: 0)
            return ("audio/wav", [], chunks)
        case let other: throw EmulatedRefusal(400, invalidCode, "the emulator does not speak \(other)")
        }
    }

    func refuse(_ refusal: EmulatedRefusal) -> StreamedResponse { OpenAIAudioRim.refuse(refusal) }
}

/// What OpenAI's audio paths have in common.
enum OpenAIAudioRim {
    static func check(_ request: HTTPRequest, apiKey: String) throws {
        guard request.method == "POST" else { throw EmulatedRefusal(405, "method_not_allowed", "POST it") }
        guard request[header: "authorization"] == "Bearer \(apiKey)" else {
            throw EmulatedRefusal(401, "invalid_api_key", "Incorrect API key provided.")
        }
    }

    static func refuse(_ refusal: EmulatedRefusal) -> StreamedResponse {
        var body = JSONText()
        body.raw(#"{"error":{"message":"#)
        body.string(refusal.message)
        body.raw(#","type":"invalid_request_error","param":null,"code":"#)
        body.string(refusal.code)
        body.raw("}}")
        return .json(body.bytes, status: refusal.status)
    }
}
