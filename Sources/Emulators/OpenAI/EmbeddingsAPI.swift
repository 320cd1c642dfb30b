import Foundation
import Networking

/// OpenAI's `POST /v1/embeddings`. A text's vector counts its words, by their first letters, so that texts that share words
/// are near each other.
struct EmbeddingsAPI: EmulatedSpeechAPI {
    let invalidCode = "invalid_request_error"

    private static let size = 64

    private struct Body: Decodable {
        let model: String
        let input: [String]

        private enum CodingKeys: String, CodingKey {
            case model, input
            case format = "encoding_format"
        }

        init(from decoder: any Decoder) throws {
            try decoder.allowOnly(["model", "input", "encoding_format", "dimensions", "user"])
            let container = try decoder.container(keyedBy: CodingKeys.self)
            model = try container.decode(String.self, forKey: .model)
            if let text = try? container.decode(String.self, forKey: .input) {
                input = [text]
            } else {
                input = try container.decode([String].self, forKey: .input)
            }
            let format = try container.decodeIfPresent(String.self, forKey: .format) ?? "float"
            guard format == "float" else {
                throw DecodingError.dataCorruptedError(
                    forKey: .format, in: container, debugDescription: "the emulator answers with float only")
            }
        }
    }

    func owns(_ path: String) -> Bool { path == "/v1/embeddings" }

    func answer(
        _ request: HTTPRequest, number: Int, _ configuration: SpeechEmulatorConfiguration
    ) throws -> (type: String, headers: [(String, String)], chunks: [[UInt8]]) {
        try OpenAIAudioRim.check(request, apiKey: configuration.apiKey)
        guard request[header: "content-type"]?.hasPrefix("application/json") == true else {
            throw EmulatedRefusal(400, invalidCode, "you must send Content-Type: application/json")
        }
        let body = try JSONDecoder().decode(Body.self, from: Data(request.body))
        guard !body.model.isEmpty else { throw EmulatedRefusal(400, invalidCode, "you must provide a model parameter") }
        guard (1...2048).contains(body.input.count), body.input.allSatisfy({ !$0.isEmpty && $0.count <= 32_000 }) else {
            throw EmulatedRefusal(400, invalidCode, "input: 1 to 2048 texts, none of them empty")
        }
        let data = body.input.enumerated().map { index, text in
            let numbers = Self.vector(text).map { "\($0)" }.joined(separator: ",")
            return #"{"object":"embedding","index":\#(index),"embedding":[\#(numbers)]}"#
        }
        var model = JSONText()
        model.string(body.model)
        let text =
            #"{"object":"list","data":[\#(data.joined(separator: ","))],"model":"#
            + String(decoding: model.bytes, as: UTF8.self)
            + #","usage":{"prompt_tokens":\#(body.input.count),"total_tokens":\#(body.input.count)}}"#
        return ("application/json", [], [Array(text.utf8)])
    }

    static func vector(_ text: String) -> [Double] {
        var counts = [Double](repeating: 0, count: size)
        for word in text.lowercased().split(whereSeparator: { !$0.isLetter && !$0.isNumber }) {
            // FNV-1a of the word's beginning, so that its endings do not matter.
            var hash: UInt64 = 0xcbf2_9ce4_8422_2325
            for byte in word.prefix(5).utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
            counts[Int(hash % UInt64(size))] += 1
        }
        return counts
    }

    func refuse(_ refusal: EmulatedRefusal) -> StreamedResponse { OpenAIAudioRim.refuse(refusal) }
}
