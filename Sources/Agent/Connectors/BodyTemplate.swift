import Foundation

/// A JSON body with values in it.
indirect enum BodyTemplate: Sendable, Equatable {
    case literal(JSONValue)
    case text(ToolTemplate)
    case array([BodyTemplate])
    case object([String: BodyTemplate])
    /// `{base64url: TEXT}`: what vendors of mail want of a whole message.
    case base64URL(ToolTemplate)

    /// - Throws: the first template that is none.
    init(_ value: JSONValue) throws(ToolTemplate.Fault) {
        switch value {
        case .string(let text): self = .text(try ToolTemplate(text, standard: .raw))
        case .array(let elements):
            var templates: [BodyTemplate] = []
            for element in elements { templates.append(try BodyTemplate(element)) }
            self = .array(templates)
        case .object(let members):
            if members.count == 1, let text = members["base64url"]?.string {
                self = .base64URL(try ToolTemplate(text, standard: .raw))
                return
            }
            var templates: [String: BodyTemplate] = [:]
            for (name, member) in members { templates[name] = try BodyTemplate(member) }
            self = .object(templates)
        default: self = .literal(value)
        }
    }

    var references: [ToolTemplate.Reference] {
        switch self {
        case .literal: []
        case .text(let template), .base64URL(let template): template.references
        case .array(let elements): elements.flatMap(\.references)
        case .object(let members): members.values.flatMap(\.references)
        }
    }

    /// The body; members and elements whose optional value is missing are left out, and so is what holds nothing else.
    func render(_ value: ([String]) -> JSONValue?) -> JSONValue? {
        switch self {
        case .literal(let literal): return literal
        case .text(let template): return template.value(value)
        case .array(let templates):
            let elements = templates.compactMap { $0.render(value) }
            return elements.isEmpty && !templates.isEmpty ? nil : .array(elements)
        case .object(let templates):
            let members = templates.compactMapValues { $0.render(value) }
            return members.isEmpty && !templates.isEmpty ? nil : .object(members)
        case .base64URL(let template):
            return template.text(value).map { text in
                // Mail's lines end with CR LF, and YAML's with LF.
                let message = text.replacing("\r\n", with: "\n").replacing("\n", with: "\r\n")
                return .string(Data(message.utf8).base64URL)
            }
        }
    }
}

extension Data {
    /// RFC 4648 §5, without padding.
    var base64URL: String {
        base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}
