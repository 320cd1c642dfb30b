/// A value that is taken from each call, with its type.
package struct ExtractedField: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
        case string, integer, number, boolean
        /// Year, month and day, as in 2026-12-01.
        case date
        /// One of ``ExtractedField/values``.
        case `enum`
    }

    /// Texts that are longer are none.
    private static let longest = 500
    /// Stands for what was masked; no value has it.
    private static let mask: Character = "•"
    /// Begins what stands for words that were said for one tool alone.
    private static let withheld = "[withheld "

    /// Unique within the plan; `[a-z0-9_]+`.
    package var name: String
    package var kind: Kind
    /// For people and for the model.
    package var summary: String
    /// Calls without it are known by it; nobody makes it up for them.
    package var isRequired: Bool
    /// Of an `enum`, what it may be.
    package var values: [String]

    package init(
        _ name: String, _ kind: Kind = .string, summary: String = "", isRequired: Bool = false, values: [String] = []
    ) {
        self.name = name
        self.kind = kind
        self.summary = summary
        self.isRequired = isRequired
        self.values = values
    }

    /// As a tool's parameter would be described.
    var schema: JSONValue {
        var members: [String: JSONValue]
        switch kind {
        case .string: members = ["type": "string", "minLength": 1, "maxLength": .integer(Self.longest)]
        case .integer: members = ["type": "integer"]
        case .number: members = ["type": "number"]
        case .boolean: members = ["type": "boolean"]
        case .date: members = ["type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"]
        case .enum: members = ["type": "string", "enum": .array(values.map(JSONValue.string))]
        }
        if !summary.isEmpty { members["description"] = .string(summary) }
        return .object(members)
    }

    /// The value in the field's type; nil for what is none of it, and for what is masked, withheld or blotted out.
    func value(of found: JSONValue) -> JSONValue? {
        let text = found.string?.trimmingWhitespace
        if let text, text.isEmpty || text.count > Self.longest || text.contains(Self.mask) { return nil }
        if let text, text == JSONValue.blot || text.hasPrefix(Self.withheld) { return nil }
        switch kind {
        case .string: return text.map(JSONValue.string)
        case .integer: return (found.integer ?? text.flatMap { Int($0) }).map(JSONValue.integer)
        case .number:
            guard let number = found.double ?? text.flatMap({ Double($0) }), number.isFinite else { return nil }
            return .number(number)
        case .boolean:
            if let truth = found.bool { return .bool(truth) }
            switch text?.lowercased() {
            case "true", "yes": return .bool(true)
            case "false", "no": return .bool(false)
            default: return nil
            }
        case .date:
            guard let text, CivilDate(iso: text) != nil else { return nil }
            return .string(text)
        case .enum:
            return text.flatMap { text in values.first { $0.lowercased() == text.lowercased() } }.map(JSONValue.string)
        }
    }
}

extension String {
    fileprivate var trimmingWhitespace: String {
        split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
