import Foundation

/// One part of a content.
struct GeminiPart: Decodable, Sendable {
    struct Call: Sendable {
        let id: String?
        let name: String
        let signature: String?
    }

    struct Result: Sendable {
        let id: String?
        let name: String
        /// What the response says: its only member if that is a text, else the object as JSON.
        let content: String
    }

    let text: String?
    let call: Call?
    let result: Result?

    private enum CodingKeys: String, CodingKey { case text, functionCall, functionResponse, thoughtSignature }
    private enum CallKeys: String, CodingKey { case id, name, args }
    private enum ResultKeys: String, CodingKey { case id, name, response }

    init(from decoder: any Decoder) throws {
        try decoder.allowOnly(["text", "functionCall", "functionResponse", "thoughtSignature", "thought"])
        let container = try decoder.container(keyedBy: CodingKeys.self)
        text = try container.decodeIfPresent(String.self, forKey: .text)
        let signature = try container.decodeIfPresent(String.self, forKey: .thoughtSignature)
        // Both alphabets of base64 are taken.
        if let signature,
            Data(base64Encoded: signature.replacing("-", with: "+").replacing("_", with: "/")) == nil
        {
            throw DecodingError.dataCorruptedError(
                forKey: .thoughtSignature, in: container, debugDescription: "Base64 decoding failed")
        }
        if container.contains(.functionCall) {
            try container.superDecoder(forKey: .functionCall).allowOnly(["id", "name", "args"])
            let fields = try container.nestedContainer(keyedBy: CallKeys.self, forKey: .functionCall)
            _ = try fields.decodeIfPresent(JSONObject.self, forKey: .args)
            call = Call(
                id: try fields.decodeIfPresent(String.self, forKey: .id),
                name: try fields.decode(String.self, forKey: .name), signature: signature)
        } else {
            call = nil
        }
        if container.contains(.functionResponse) {
            try container.superDecoder(forKey: .functionResponse)
                .allowOnly(["id", "name", "response", "willContinue", "scheduling"])
            let fields = try container.nestedContainer(keyedBy: ResultKeys.self, forKey: .functionResponse)
            let response = try fields.decode(JSONObject.self, forKey: .response)
            let members = try fields.nestedContainer(keyedBy: AnyKey.self, forKey: .response)
            result = Result(
                id: try fields.decodeIfPresent(String.self, forKey: .id),
                name: try fields.decode(String.self, forKey: .name),
                content: response.keys.sorted().compactMap {
                    try? members.decode(String.self, forKey: AnyKey(stringValue: $0))
                }.joined(separator: " "))
        } else {
            result = nil
        }
        guard [text != nil, call != nil, result != nil].count(where: { $0 }) == 1 else {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath,
                    debugDescription: "required oneof field 'data' must have one initialized field"))
        }
        guard text?.isEmpty != true else {
            throw DecodingError.dataCorruptedError(
                forKey: .text, in: container, debugDescription: "a text part must not be empty")
        }
    }
}
