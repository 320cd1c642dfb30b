/// Which parts of a vendor's answer an agent gets to see, and under which names.
indirect enum ResultMapping: Sendable, Equatable {
    /// `results[0].properties.email`
    case path([Step])
    case object([String: ResultMapping])
    /// Of a list its first elements, each mapped.
    case each([Step], limit: Int, ResultMapping)

    enum Step: Sendable, Equatable {
        case member(String)
        case index(Int)
    }

    struct Fault: Error, Equatable {
        var reason: String
    }

    /// The elements of a list that are taken where the file says nothing.
    static let standardLimit = 10

    init(_ value: JSONValue) throws(Fault) {
        switch value {
        case .string(let path): self = .path(try Self.steps(path))
        case .object(let members):
            guard let list = members["each"] else {
                var mappings: [String: ResultMapping] = [:]
                for (name, member) in members { mappings[name] = try ResultMapping(member) }
                self = .object(mappings)
                return
            }
            guard let path = list.string else { throw Fault(reason: "`each` must be the path of a list") }
            for name in members.keys where !["each", "limit", "fields"].contains(name) {
                throw Fault(reason: "`\(name)` does not go with `each`; known are: limit, fields")
            }
            guard let limit = members["limit"].map({ $0.integer }) ?? Self.standardLimit, (1...1000).contains(limit)
            else { throw Fault(reason: "`limit` must be a whole number from 1 to 1000") }
            self = .each(
                try Self.steps(path), limit: limit, try members["fields"].map(ResultMapping.init) ?? .path([]))
        default: throw Fault(reason: "a result is a path, or a mapping of names to paths")
        }
    }

    /// `.` is the whole answer.
    private static func steps(_ path: String) throws(Fault) -> [Step] {
        if path == "." { return [] }
        var steps: [Step] = []
        for part in path.split(separator: ".", omittingEmptySubsequences: false) {
            var rest = part[...]
            let name = rest.prefix { $0 != "[" }
            rest = rest.dropFirst(name.count)
            guard !name.isEmpty || !rest.isEmpty else { throw Fault(reason: "\"\(path)\" is no path; write a.b[0].c") }
            if !name.isEmpty { steps.append(.member(String(name))) }
            while rest.hasPrefix("[") {
                guard let end = rest.firstIndex(of: "]"),
                    let index = Int(rest[rest.index(after: rest.startIndex)..<end]),
                    index >= 0
                else { throw Fault(reason: "\"\(path)\" is no path; an index is a whole number as in a[0]") }
                steps.append(.index(index))
                rest = rest[rest.index(after: end)...]
            }
            guard rest.isEmpty else { throw Fault(reason: "\"\(path)\" is no path; write a.b[0].c") }
        }
        return steps
    }

    /// What is left of an answer; nil where it has nothing of the kind.
    func map(_ answer: JSONValue) -> JSONValue? {
        switch self {
        case .path(let steps): return Self.value(at: steps, in: answer)
        case .object(let members): return .object(members.compactMapValues { $0.map(answer) })
        case .each(let steps, let limit, let mapping):
            return Self.value(at: steps, in: answer)?.array.map { elements in
                .array(elements.prefix(limit).compactMap(mapping.map))
            }
        }
    }

    static func value(at steps: [Step], in value: JSONValue) -> JSONValue? {
        var current = value
        for step in steps {
            let next =
                switch step {
                case .member(let name): current[name]
                case .index(let index): current[index]
                }
            guard let next else { return nil }
            current = next
        }
        return current
    }
}

extension JSONValue {
    /// Stands in the place of what is blotted out.
    static let blot = "[redacted]"

    /// This value with the members of these names blotted out, wherever they are.
    package func redacted(_ names: Set<String>) -> JSONValue {
        guard !names.isEmpty else { return self }
        switch self {
        case .object(let members):
            return .object(
                Dictionary(
                    members.map { ($0, names.contains($0) ? JSONValue.string(Self.blot) : $1.redacted(names)) },
                    uniquingKeysWith: { first, _ in first }))
        case .array(let elements): return .array(elements.map { $0.redacted(names) })
        default: return self
        }
    }

    /// This value cut until its text has about so many bytes: long texts first, then long lists.
    func capped(bytes limit: Int) -> JSONValue {
        var (texts, elements) = (2_000, 50)
        var value = self
        while value.text.utf8.count > limit, elements > 0 {
            value = value.cut(texts: texts, elements: elements)
            texts /= 2
            elements /= 2
        }
        return value.text.utf8.count > limit ? ["cut": .string(String(value.text.prefix(limit / 4)))] : value
    }

    private func cut(texts: Int, elements: Int) -> JSONValue {
        switch self {
        case .string(let text): .string(text.count > texts ? text.prefix(texts) + " … (cut)" : text)
        case .array(let list): .array(list.prefix(elements).map { $0.cut(texts: texts, elements: elements) })
        case .object(let members): .object(members.mapValues { $0.cut(texts: texts, elements: elements) })
        default: self
        }
    }
}
