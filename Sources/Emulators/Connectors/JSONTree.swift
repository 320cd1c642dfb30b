import Foundation

/// A JSON document, to be compared with the shape that a vendor asks for.
enum JSONTree: Decodable, Sendable, Equatable {
    case null
    case truth(Bool)
    case number(Double)
    case text(String)
    case list([JSONTree])
    case object([String: JSONTree])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .truth(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode([JSONTree].self) {
            self = .list(value)
        } else {
            self = .object(try container.decode([String: JSONTree].self))
        }
    }

    init?(_ bytes: [UInt8]) {
        guard let tree = try? JSONDecoder().decode(JSONTree.self, from: Data(bytes)) else { return nil }
        self = tree
    }

    subscript(name: String) -> JSONTree? {
        if case .object(let members) = self { members[name] } else { nil }
    }

    subscript(index: Int) -> JSONTree? {
        if case .list(let elements) = self, elements.indices.contains(index) { elements[index] } else { nil }
    }

    var text: String? {
        if case .text(let text) = self { text } else { nil }
    }
}

/// What a vendor takes; everything else is refused with the place of it.
indirect enum JSONShape: Sendable {
    case text
    case exactly(String)
    case number
    case truth
    case list(JSONShape, atLeast: Int)
    /// All of the first, any of the second, and nothing else.
    case object([String: JSONShape], optional: [String: JSONShape] = [:])

    /// What is wrong with a document; nil when nothing is.
    func objection(to tree: JSONTree, at path: String = "$") -> String? {
        switch (self, tree) {
        case (.text, .text), (.number, .number), (.truth, .truth): return nil
        case (.exactly(let wanted), .text(let text)) where text == wanted: return nil
        case (.exactly(let wanted), _): return "\(path) must be \"\(wanted)\""
        case (.list(let shape, let least), .list(let elements)):
            guard elements.count >= least else { return "\(path) must have \(least) elements" }
            for (index, element) in elements.enumerated() {
                if let objection = shape.objection(to: element, at: "\(path)[\(index)]") { return objection }
            }
            return nil
        case (.object(let required, let optional), .object(let members)):
            for name in required.keys.sorted() where members[name] == nil { return "\(path).\(name) is missing" }
            for (name, member) in members.sorted(by: { $0.key < $1.key }) {
                guard let shape = required[name] ?? optional[name] else { return "\(path).\(name) is unknown" }
                if let objection = shape.objection(to: member, at: "\(path).\(name)") { return objection }
            }
            return nil
        default: return "\(path) has the wrong type"
        }
    }
}
