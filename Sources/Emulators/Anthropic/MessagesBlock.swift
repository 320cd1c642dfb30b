/// One block of a message's content.
struct MessagesBlock: Decodable, Sendable {
    enum Kind: Sendable {
        case text
        case toolUse(id: String)
        case toolResult(id: String, content: String)
    }

    let kind: Kind
    /// Of a text block.
    let text: String?
    let isCached: Bool

    private enum CodingKeys: String, CodingKey {
        case type, text, id, name, input, content
        case resultID = "tool_use_id"
        case isError = "is_error"
        case cache = "cache_control"
    }

    private enum CacheKeys: String, CodingKey { case type, ttl }

    init(text: String) {
        kind = .text
        self.text = text
        isCached = false
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        switch try container.decode(String.self, forKey: .type) {
        case "text":
            try decoder.allowOnly(["type", "text", "citations", "cache_control"])
            kind = .text
            text = try container.decode(String.self, forKey: .text)
        case "tool_use":
            try decoder.allowOnly(["type", "id", "name", "input", "cache_control", "caller"])
            let id = try container.decode(String.self, forKey: .id)
            guard ToolName.isValid(id, longest: 256) else {
                throw DecodingError.dataCorruptedError(
                    forKey: .id, in: container,
                    debugDescription: "String should match pattern '^[a-zA-Z0-9_-]+$'")
            }
            _ = try container.decode(String.self, forKey: .name)
            _ = try container.decode(JSONObject.self, forKey: .input)
            kind = .toolUse(id: id)
            text = nil
        case "tool_result":
            try decoder.allowOnly(["type", "tool_use_id", "content", "is_error", "cache_control"])
            let id = try container.decode(String.self, forKey: .resultID)
            _ = try container.decodeIfPresent(Bool.self, forKey: .isError)
            let content: String
            if let plain = try? container.decodeIfPresent(String.self, forKey: .content) {
                content = plain
            } else {
                let blocks = try container.decodeIfPresent([MessagesBlock].self, forKey: .content) ?? []
                content = blocks.compactMap(\.text).joined()
            }
            kind = .toolResult(id: id, content: content)
            text = nil
        case let type:
            throw DecodingError.dataCorruptedError(
                forKey: .type, in: container, debugDescription: "Input tag '\(type)' is not one the emulator knows")
        }
        isCached = container.contains(.cache)
        guard isCached else { return }
        let cache = try container.nestedContainer(keyedBy: CacheKeys.self, forKey: .cache)
        let ttl = try cache.decodeIfPresent(String.self, forKey: .ttl) ?? "5m"
        guard try cache.decode(String.self, forKey: .type) == "ephemeral", ["5m", "1h"].contains(ttl) else {
            throw DecodingError.dataCorruptedError(
                forKey: .type, in: cache, debugDescription: "must be 'ephemeral', with a ttl of '5m' or '1h'")
        }
    }

    /// - Parameter role: nil for the instructions.
    func textFault(role: String?) -> String? {
        switch kind {
        case .text:
            return text?.allSatisfy(\.isWhitespace) == true
                ? (text?.isEmpty == true
                    ? "text content blocks must be non-empty" : "text content blocks must contain non-whitespace text")
                : nil
        case .toolUse: return role == "assistant" ? nil : "`tool_use` blocks can only be in `assistant` messages"
        case .toolResult: return role == "user" ? nil : "`tool_result` blocks can only be in `user` messages"
        }
    }
}
