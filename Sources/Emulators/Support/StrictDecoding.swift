/// Any key of a JSON object.
struct AnyKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}

extension Decoder {
    /// Refuses an object with keys that a vendor would not know.
    func allowOnly(_ known: Set<String>) throws {
        let container = try container(keyedBy: AnyKey.self)
        if let stranger = container.allKeys.first(where: { !known.contains($0.stringValue) }) {
            throw DecodingError.dataCorrupted(
                .init(codingPath: codingPath + [stranger], debugDescription: "unknown key '\(stranger.stringValue)'"))
        }
    }
}

extension DecodingError {
    /// The path and the reason, for an error message.
    var summary: String {
        let context: Context
        switch self {
        case .typeMismatch(_, let given), .valueNotFound(_, let given), .dataCorrupted(let given): context = given
        case .keyNotFound(let key, let given): return "\(Self.path(given.codingPath + [key])): missing"
        @unknown default: return "cannot be read"
        }
        return "\(Self.path(context.codingPath)): \(context.debugDescription)"
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        keys.isEmpty
            ? "the message" : keys.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
    }
}
