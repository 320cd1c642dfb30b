/// One item of a response's input.
enum ResponsesItem: Decodable, Sendable {
    case message(role: String, text: String)
    case call(id: String)
    case output(id: String, String)
    case reasoning

    private enum CodingKeys: String, CodingKey {
        case type, role, content, name, arguments, output
        case callID = "call_id"
        case sealed = "encrypted_content"
    }

    private struct Part: Decodable {
        let type: String
        let text: String?
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        switch try container.decodeIfPresent(String.self, forKey: .type) ?? "message" {
        case "message":
            try decoder.allowOnly(["type", "role", "content", "id", "status", "phase"])
            let role = try container.decode(String.self, forKey: .role)
            let text: String
            if let plain = try? container.decode(String.self, forKey: .content) {
                text = plain
            } else {
                text = try container.decode([Part].self, forKey: .content).compactMap(\.text).joined()
            }
            self = .message(role: role, text: text)
        case "function_call":
            try decoder.allowOnly(["type", "id", "call_id", "name", "arguments", "status"])
            _ = try container.decode(String.self, forKey: .name)
            _ = try container.decode(String.self, forKey: .arguments)
            self = .call(id: try container.decode(String.self, forKey: .callID))
        case "function_call_output":
            try decoder.allowOnly(["type", "id", "call_id", "output", "status"])
            self = .output(
                id: try container.decode(String.self, forKey: .callID),
                try container.decode(String.self, forKey: .output))
        case "reasoning":
            try decoder.allowOnly(["type", "id", "summary", "content", "encrypted_content", "status"])
            // Nothing is stored here, so an id alone finds nothing.
            _ = try container.decode(String.self, forKey: .sealed)
            self = .reasoning
        case let type:
            throw DecodingError.dataCorruptedError(
                forKey: .type, in: container, debugDescription: "'\(type)' is not an item the emulator knows")
        }
    }
}
