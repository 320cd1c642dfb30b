import Foundation
import Networking

/// Google Cloud's `POST /v1/text:synthesize`.
struct GoogleSpeechAPI: EmulatedSpeechAPI {
    let invalidCode = "INVALID_ARGUMENT"

    private struct Input: Decodable {
        let text: String

        private enum CodingKeys: String, CodingKey { case text, ssml }

        init(from decoder: any Decoder) throws {
            try decoder.allowOnly(["text", "ssml"])
            let container = try decoder.container(keyedBy: CodingKeys.self)
            let (text, ssml) = (
                try container.decodeIfPresent(String.self, forKey: .text),
                try container.decodeIfPresent(String.self, forKey: .ssml)
            )
            guard (text == nil) != (ssml == nil) else {
                throw EmulatedRefusal(400, "INVALID_ARGUMENT", "input has one of text and ssml")
            }
            self.text = try ssml.map { try SSMLDocument(Array($0.utf8), of: .google).text } ?? text ?? ""
        }
    }

    private struct Voice: Decodable {
        let language: String
        let name: String?

        private enum CodingKeys: String, CodingKey {
            case name
            case language = "languageCode"
        }

        init(from decoder: any Decoder) throws {
            try decoder.allowOnly(["languageCode", "name", "ssmlGender", "modelName"])
            let container = try decoder.container(keyedBy: CodingKeys.self)
            language = try container.decode(String.self, forKey: .language)
            name = try container.decodeIfPresent(String.self, forKey: .name)
        }
    }

    private struct Audio: Decodable {
        let encoding: String
        let sampleRate: Int?

        private enum CodingKeys: String, CodingKey {
            case encoding = "audioEncoding"
            case sampleRate = "sampleRateHertz"
        }

        init(from decoder: any Decoder) throws {
            try decoder.allowOnly([
                "audioEncoding", "sampleRateHertz", "speakingRate", "pitch", "volumeGainDb", "effectsProfileId",
            ])
            let container = try decoder.container(keyedBy: CodingKeys.self)
            encoding = try container.decode(String.self, forKey: .encoding)
            sampleRate = try container.decodeIfPresent(Int.self, forKey: .sampleRate)
        }
    }

    private struct Body: Decodable {
        let input: Input
        let voice: Voice
        let audio: Audio

        private enum CodingKeys: String, CodingKey {
            case input, voice
            case audio = "audioConfig"
        }

        init(from decoder: any Decoder) throws {
            try decoder.allowOnly(["input", "voice", "audioConfig"])
            let container = try decoder.container(keyedBy: CodingKeys.self)
            input = try container.decode(Input.self, forKey: .input)
            voice = try container.decode(Voice.self, forKey: .voice)
            audio = try container.decode(Audio.self, forKey: .audio)
        }
    }

    func owns(_ path: String) -> Bool { path == "/v1/text:synthesize" }

    func answer(
        _ request: HTTPRequest, number: Int, _ configuration: SpeechEmulatorConfiguration
    ) throws -> (type: String, headers: [(String, String)], chunks: [[UInt8]]) {
        guard request.method == "POST" else { throw EmulatedRefusal(405, "METHOD_NOT_ALLOWED", "POST it") }
        guard let key = request[header: "x-goog-api-key"] ?? Query(request.query)["key"] else {
            throw EmulatedRefusal(403, "PERMISSION_DENIED", "Method doesn't allow unregistered callers.")
        }
        guard key == configuration.apiKey else {
            throw EmulatedRefusal(400, Self.badKey, "API key not valid. Please pass a valid API key.")
        }
        let body = try JSONDecoder().decode(Body.self, from: Data(request.body))
        guard !body.input.text.isEmpty, body.input.text.utf8.count <= 5000 else {
            throw EmulatedRefusal(400, invalidCode, "input.text has 1 to 5000 bytes")
        }
        if let name = body.voice.name?.lowercased(), !name.hasPrefix(body.voice.language.lowercased() + "-") {
            throw EmulatedRefusal(
                400, invalidCode,
                "Requested language code '\(body.voice.language)' doesn't match the voice '\(name)'.")
        }
        let (encoding, code) = try Self.encoding(body.audio.encoding)
        let rate = body.audio.sampleRate ?? 24_000
        guard (8000...48_000).contains(rate) else {
            throw EmulatedRefusal(400, invalidCode, "sampleRateHertz is not offered")
        }
        let pieces = EmulatedSpeech.chunks(
            body.input.text, encoding, sampleRate: rate, characterDuration: configuration.characterDuration,
            chunkDuration: configuration.chunkDuration)
        let samples = Array(pieces.joined())
        // All of these formats come with a head, as the vendor says.
        let file =
            EmulatedSpeech.wavHead(
                sampleRate: rate, byteCount: samples.count, code: code, bytesPerSample: encoding.bytesPerSample)
            + samples
        let text = Array(Data(file).base64EncodedData())
        let size = max(text.count / max(pieces.count, 1), 1)
        var chunks = stride(from: 0, to: text.count, by: size).map { Array(text[$0..<min($0 + size, text.count)]) }
        chunks[0] = Array(#"{"audioContent":""#.utf8) + chunks[0]
        chunks[chunks.count - 1] += Array("\"}".utf8)
        return ("application/json; charset=UTF-8", [], chunks)
    }

    private static let badKey = "API_KEY_INVALID"

    private static func encoding(_ name: String) throws -> (EmulatedSpeech.Encoding, code: Int) {
        switch name {
        case "LINEAR16": (.linear16, 1)
        case "MULAW": (.mulaw, 7)
        case "ALAW": (.alaw, 6)
        default: throw EmulatedRefusal(400, "INVALID_ARGUMENT", "the emulator does not speak \(name)")
        }
    }

    func refuse(_ refusal: EmulatedRefusal) -> StreamedResponse {
        let isKey = refusal.code == Self.badKey
        var body = JSONText()
        body.raw(#"{"error":{"code":"#)
        body.integer(refusal.status)
        body.raw(#","message":"#)
        body.string(refusal.message)
        body.raw(#","status":"#)
        body.string(isKey ? invalidCode : refusal.code)
        if isKey {
            body.raw(
                #","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_INVALID","domain":"googleapis.com"}]"#
            )
        }
        body.raw("}}")
        return .json(body.bytes, status: refusal.status)
    }
}
