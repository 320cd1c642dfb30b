import Yams

extension JSONValue {
    /// The value that a YAML node writes, by JSON's rules and not by YAML's: `10:30` and `2026-12-01` are texts, only
    /// `true` and `false` are truths, and whatever stands in quotes is a text.
    init(_ node: Node) {
        switch node {
        case .scalar(let scalar): self = Self.plain(scalar, isNull: node.null != nil)
        case .sequence(let elements): self = .array(elements.map(JSONValue.init))
        case .mapping(let members):
            self = .object(
                Dictionary(
                    members.compactMap { key, value in key.scalar.map { ($0.string, JSONValue(value)) } },
                    uniquingKeysWith: { first, _ in first }))
        case .alias: self = .null
        }
    }

    private static func plain(_ scalar: Node.Scalar, isNull: Bool) -> JSONValue {
        guard scalar.style == .plain || scalar.style == .any else { return .string(scalar.string) }
        if isNull { return .null }
        switch scalar.string {
        case "true": return .bool(true)
        case "false": return .bool(false)
        default: break
        }
        // A telephone number begins with + and a code with 0; both are texts.
        let digits = scalar.string.drop { $0 == "-" }
        guard digits.first?.isNumber == true, digits.first != "0" || digits.count == 1 || digits.hasPrefix("0.") else {
            return .string(scalar.string)
        }
        if let number = Int(scalar.string) { return .integer(number) }
        if let number = Double(scalar.string), number.isFinite { return .number(number) }
        return .string(scalar.string)
    }
}
