import Foundation

/// The subset of JSON Schema that tool definitions use.
///
/// Keywords: `type` (one name or several), `properties`, `required`, `additionalProperties: false`, `items`, `enum`,
/// `minimum`, `maximum`, `minLength`, `maxLength`, `minItems`, `maxItems`, `pattern`. Others are ignored, as the standard
/// asks of unknown keywords.
package struct JSONSchema: Sendable, Equatable {
    /// One way in which a value does not satisfy a schema.
    package struct Violation: Sendable, Equatable, CustomStringConvertible {
        /// Where, from the root: `$.slots[2].time`.
        package var path: String
        package var reason: String

        package var description: String { "\(path): \(reason)" }
    }

    private let schema: JSONValue

    package init(_ schema: JSONValue) {
        self.schema = schema
    }

    /// Every way in which `value` does not satisfy the schema, in the order of the document.
    package func violations(in value: JSONValue) -> [Violation] {
        var found: [Violation] = []
        Self.check(value, against: schema, path: "$", into: &found)
        return found
    }

    /// The value without the members that the schema does not know where it allows no others, and how many they were.
    package func pruned(_ value: JSONValue) -> (value: JSONValue, dropped: Int) {
        var dropped = 0
        let value = Self.prune(value, by: schema, &dropped)
        return (value, dropped)
    }

    private static func prune(_ value: JSONValue, by schema: JSONValue, _ dropped: inout Int) -> JSONValue {
        switch value {
        case .object(let members):
            let properties = schema["properties"]?.object ?? [:]
            let isClosed = schema["additionalProperties"] == .bool(false)
            var kept: [String: JSONValue] = [:]
            for (name, member) in members {
                if let property = properties[name] {
                    kept[name] = prune(member, by: property, &dropped)
                } else if isClosed {
                    dropped += 1
                } else {
                    kept[name] = member
                }
            }
            return .object(kept)
        case .array(let elements):
            guard let items = schema["items"] else { return value }
            return .array(elements.map { prune($0, by: items, &dropped) })
        default: return value
        }
    }

    private static func check(
        _ value: JSONValue, against schema: JSONValue, path: String, into found: inout [Violation]
    ) {
        func violation(_ reason: String) { found.append(Violation(path: path, reason: reason)) }

        let types = schema["type"].map { type in type.array?.compactMap(\.string) ?? [type.string].compactMap(\.self) }
        if let types, !types.isEmpty, !types.contains(where: { value.isOfSchemaType($0) }) {
            violation("must be \(types.joined(separator: " or ")), not \(value.schemaType)")
            return
        }
        if let allowed = schema["enum"]?.array, !allowed.contains(value) {
            violation("must be one of \(allowed.map(\.text).joined(separator: ", "))")
        }
        if let number = value.double {
            if let minimum = schema["minimum"]?.double, number < minimum { violation("must be at least \(minimum)") }
            if let maximum = schema["maximum"]?.double, number > maximum { violation("must be at most \(maximum)") }
        }
        if let text = value.string { checkText(text, against: schema, report: violation) }
        if let elements = value.array {
            if let least = schema["minItems"]?.integer, elements.count < least {
                violation("must have at least \(least) items")
            }
            if let most = schema["maxItems"]?.integer, elements.count > most {
                violation("must have at most \(most) items")
            }
            if let items = schema["items"] {
                for (index, element) in elements.enumerated() {
                    check(element, against: items, path: "\(path)[\(index)]", into: &found)
                }
            }
        }
        if let members = value.object {
            checkMembers(members, against: schema, path: path, into: &found)
        }
    }

    private static func checkText(_ text: String, against schema: JSONValue, report: (String) -> Void) {
        if let least = schema["minLength"]?.integer, text.count < least {
            report("must have at least \(least) characters")
        }
        if let most = schema["maxLength"]?.integer, text.count > most {
            report("must have at most \(most) characters")
        }
        if let pattern = schema["pattern"]?.string {
            if let expression = try? NSRegularExpression(pattern: pattern) {
                let whole = NSRange(text.startIndex..., in: text)
                if expression.firstMatch(in: text, range: whole) == nil { report("must match \(pattern)") }
            } else {
                report("cannot be checked: the pattern \(pattern) of the schema is no regular expression")
            }
        }
    }

    private static func checkMembers(
        _ members: [String: JSONValue], against schema: JSONValue, path: String, into found: inout [Violation]
    ) {
        let properties = schema["properties"]?.object ?? [:]
        for name in schema["required"]?.array?.compactMap(\.string) ?? [] where members[name] == nil {
            found.append(Violation(path: "\(path).\(name)", reason: "is required but missing"))
        }
        for (name, member) in members.sorted(by: { $0.key < $1.key }) {
            if let property = properties[name] {
                check(member, against: property, path: "\(path).\(name)", into: &found)
            } else if schema["additionalProperties"] == .bool(false) {
                let known = properties.keys.sorted().joined(separator: ", ")
                found.append(Violation(path: "\(path).\(name)", reason: "is not known; known are: \(known)"))
            } else if let others = schema["additionalProperties"], others.object != nil {
                check(member, against: others, path: "\(path).\(name)", into: &found)
            }
        }
    }
}

extension JSONValue {
    fileprivate var schemaType: String {
        switch self {
        case .null: "null"
        case .bool: "boolean"
        case .integer: "integer"
        case .number: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }

    fileprivate func isOfSchemaType(_ name: String) -> Bool {
        switch name {
        case "number": double != nil
        case "integer": integer != nil
        default: schemaType == name
        }
    }
}
