import Foundation

extension JSONValue: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
            // The most frequent first: a guess that is wrong throws, and that costs more than the value.
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([String: JSONValue].self) {
            self = .object(value)
        } else if let value = try? container.decode(Int.self) {
            self = .integer(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else {
            self = .array(try container.decode([JSONValue].self))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        case .array(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }
}

extension JSONValue {
    /// Reads one JSON document.
    ///
    /// - Throws: ``AgentError`` with code `invalidJSON` and the parser's own text.
    package init(parsing text: String) throws(AgentError) {
        try self.init(parsing: Data(text.utf8))
    }

    /// Reads one JSON document, UTF-8.
    init(parsing bytes: Data) throws(AgentError) {
        do {
            self = try JSONDecoder().decode(JSONValue.self, from: bytes)
        } catch {
            let reason =
                if case DecodingError.dataCorrupted(let context) = error {
                    context.underlyingError.map { "\($0)" } ?? context.debugDescription
                } else { "\(error)" }
            throw AgentError(.invalidJSON, operation: "read JSON", subject: "\(bytes.count) bytes", detail: reason)
        }
    }

    /// The document with sorted keys and no spaces, so that equal values have equal text. A number that is not finite
    /// is written as `null`, for JSON has none.
    package var text: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(finite) else { return "null" }
        return String(decoding: data, as: UTF8.self)
    }

    private var finite: JSONValue {
        switch self {
        case .number(let value): value.isFinite ? self : .null
        case .array(let elements): .array(elements.map(\.finite))
        case .object(let members): .object(members.mapValues(\.finite))
        default: self
        }
    }
}
