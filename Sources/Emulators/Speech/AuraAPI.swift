import Foundation
import Networking

/// Deepgram's `POST /v1/speak`.
struct AuraAPI: EmulatedSpeechAPI {
    let invalidCode = "Bad Request"

    private struct Body: Decodable {
        let text: String

        private enum CodingKeys: String, CodingKey { case text }

        init(from decoder: any Decoder) throws {
            try decoder.allowOnly(["text"])
            text = try decoder.container(keyedBy: CodingKeys.self).decode(String.self, forKey: .text)
        }
    }

    private static let parameters: Set<String> = [
        "model", "encoding", "container", "sample_rate", "bit_rate", "speed", "callback", "callback_method",
        "mip_opt_out",
        "tag",
    ]

    func owns(_ path: String) -> Bool { path == "/v1/speak" }

    func answer(
        _ request: HTTPRequest, number: Int, _ configuration: SpeechEmulatorConfiguration
    ) throws -> (type: String, headers: [(String, String)], chunks: [[UInt8]]) {
        guard request.method == "POST" else { throw EmulatedRefusal(405, "METHOD_NOT_ALLOWED", "POST it") }
        guard request[header: "authorization"] == "Token \(configuration.apiKey)" else {
            throw EmulatedRefusal(401, "INVALID_AUTH", "Invalid credentials.")
        }
        let query = Query(request.query)
        if let stranger = query.items.first(where: { !Self.parameters.contains($0.name) }) {
            throw EmulatedRefusal(400, invalidCode, "unknown parameter \(stranger.name)")
        }
        guard let model = query["model"], model.hasPrefix("aura-") else {
            throw EmulatedRefusal(400, invalidCode, "no such model: \(query["model"] ?? "none given")")
        }
        let encoding = try encoding(query)
        let rate = query["sample_rate"].flatMap(Int.init) ?? (encoding == .linear16 ? 24_000 : 8000)
        let rates = encoding == .linear16 ? [8000, 16_000, 24_000, 32_000, 48_000] : [8000, 16_000]
        guard rates.contains(rate) else { throw EmulatedRefusal(400, invalidCode, "sample_rate is one of \(rates)") }
        let text = try JSONDecoder().decode(Body.self, from: Data(request.body)).text
        guard !text.isEmpty else { throw EmulatedRefusal(400, invalidCode, "text is empty") }
        guard text.count <= 2000 else { throw EmulatedRefusal(413, "PAYLOAD_TOO_LARGE", "2000 characters at most") }
        var chunks = EmulatedSpeech.chunks(
            text, encoding, sampleRate: rate, characterDuration: configuration.characterDuration,
            chunkDuration: configuration.chunkDuration)
        // Without container=none there is a head, which a leg hears as a click.
        if query["container"] != "none", encoding == .linear16 {
            chunks.insert(EmulatedSpeech.wavHead(sampleRate: rate, byteCount: nil), at: 0)
        }
        let name = encoding == .linear16 ? "l16" : encoding == .mulaw ? "mulaw" : "alaw"
        return (
            query["container"] == "none" || encoding != .linear16 ? "audio/\(name);rate=\(rate)" : "audio/wav",
            [
                ("dg-request-id", requestID), ("dg-model-name", model), ("dg-char-count", String(text.count)),
            ], chunks
        )
    }

    private func encoding(_ query: Query) throws -> EmulatedSpeech.Encoding {
        switch query["encoding"] {
        case "mulaw": .mulaw
        case "alaw": .alaw
        case "linear16": .linear16
        case let other: throw EmulatedRefusal(400, invalidCode, "the emulator does not speak \(other ?? "mp3")")
        }
    }

    func refuse(_ refusal: EmulatedRefusal) -> StreamedResponse {
        var body = JSONText()
        body.raw(#"{"err_code":"#)
        body.string(refusal.code)
        body.raw(#","err_msg":"#)
        body.string(refusal.message)
        body.raw(#","request_id":"#)
        body.string(requestID)
        body.raw("}")
        return .json(body.bytes, status: refusal.status, headers: [("dg-error", refusal.message)])
    }

    private let requestID = "00000000-0000-4000-8000-000000000000"
}
