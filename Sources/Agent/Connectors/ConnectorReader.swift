import Foundation
import Yams

/// Reads the nodes of a file in `config/tools`.
struct ConnectorReader {
    var reader: AgentFileReader
    let environment: [String: String]
    var missing: Set<String> = []

    private init(reader: AgentFileReader, environment: [String: String]) {
        self.reader = reader
        self.environment = environment
    }

    /// Opens a file whose outermost node is `subject`, with these keys.
    ///
    /// - Throws: its faults, where it is no YAML; all others wait for ``close()``.
    static func open(
        _ bytes: Data, file: String, environment: [String: String], as subject: String, keys: Set<String>,
        required: [String]
    ) throws(AgentFileErrors) -> (reader: ConnectorReader, root: Node, fields: [String: Node]) {
        let document = YAMLDocument(bytes: bytes, file: file)
        guard let root = document.root else { throw AgentFileErrors(document.faults) }
        var reader = ConnectorReader(
            reader: AgentFileReader(file: file, faults: document.faults), environment: environment)
        let fields = reader.reader.fields(root, of: subject, keys: keys, required: required)
        return (reader, root, fields)
    }

    /// - Throws: all faults that were found, in the order of the file.
    func close() throws(AgentFileErrors) {
        guard !reader.faults.isEmpty else { return }
        throw AgentFileErrors(reader.faults.sorted { ($0.line, $0.column) < ($1.line, $1.column) })
    }

    // MARK: Texts with variables

    /// A text in which `${NAME}` stands for an environment variable.
    mutating func expanded(_ node: Node?, _ subject: String) -> String? {
        guard let text = reader.text(node, subject) else { return nil }
        return expand(text, at: node, subject)
    }

    private mutating func expand(_ text: String, at node: Node?, _ subject: String) -> String? {
        var result = ""
        var rest = text[...]
        while let start = rest.firstRange(of: "${") {
            result += rest[..<start.lowerBound]
            guard let end = rest[start.upperBound...].firstIndex(of: "}") else {
                reader.fault(node, "\(subject) has ${ without }; write ${NAME}")
                return nil
            }
            let inner = String(rest[start.upperBound..<end])
            rest = rest[rest.index(after: end)...]
            let parts = inner.split(separator: ":-", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard let name = parts.first, !name.isEmpty, name.allSatisfy({ $0.isASCII && $0.isNamePart }) else {
                reader.fault(node, "\(subject) has ${\(inner)}, which names no environment variable; write ${NAME}")
                return nil
            }
            if let value = environment[name], !value.isEmpty {
                result += value
            } else if parts.count == 2 {
                result += parts[1]
            } else {
                missing.insert(name)
            }
        }
        return result + rest
    }

    mutating func url(_ node: Node?, _ subject: String) -> String? {
        guard let node, let text = expanded(node, subject) else { return nil }
        guard missing.isEmpty || !text.isEmpty else { return nil }
        let components = URLComponents(string: text)
        guard let scheme = components?.scheme, ["https", "http"].contains(scheme),
            components?.host?.isEmpty == false, components?.user == nil, components?.query == nil,
            components?.fragment == nil
        else {
            if missing.isEmpty {
                reader.fault(
                    node, "\(subject) must be an https:// or http:// address without user, query and fragment")
            }
            return nil
        }
        return text.hasSuffix("/") ? String(text.dropLast()) : text
    }

    mutating func headers(_ node: Node?, known: Set<String>, allowsVariables: Bool) -> [String: ToolTemplate] {
        var headers: [String: ToolTemplate] = [:]
        for (key, name, value) in reader.members(node, of: "`headers`") {
            if name.isEmpty || !name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }) {
                reader.fault(key, "`\(name)` is no name of a header")
            }
            guard let text = allowsVariables ? expanded(value, "the header \(name)") : reader.text(value, name) else {
                continue
            }
            headers[name] = template(value, text, standard: .header, known: known)
        }
        return headers
    }

    // MARK: Tools

    mutating func checkToolName(_ name: String, at key: Node) {
        if name.isEmpty || name.count > 64 || !name.allSatisfy({ $0.isASCII && ($0.isNamePart || $0 == "-") }) {
            reader.fault(key, "the tool name `\(name)` may have letters, figures, _ and - only, at most 64")
        }
    }

    /// The JSON Schema of a tool's arguments, from `parameters` and `required`.
    mutating func schema(_ fields: [String: Node], of subject: String) -> JSONValue {
        var properties: [String: JSONValue] = [:]
        for (key, name, value) in reader.members(fields["parameters"], of: "`parameters` of \(subject)") {
            if ["call", "key"].contains(name) || !name.allSatisfy(\.isNamePart) {
                reader.fault(
                    key, "a parameter cannot be called `\(name)`; take letters, figures and _, not call or key")
            }
            let schema = JSONValue(value)
            if schema.object == nil || schema["type"] == nil {
                reader.fault(value, "the parameter \(name) needs a JSON schema with `type`, as in {type: string}")
            }
            properties[name] = schema
        }
        let required = reader.texts(fields["required"], "`required` of \(subject)")
        for (node, name) in required where properties[name] == nil {
            reader.fault(node, "`required` names `\(name)`, which is no parameter")
        }
        return [
            "type": "object", "properties": .object(properties),
            "required": .array(required.map { .string($0.text) }), "additionalProperties": false,
        ]
    }

    /// A text with the arguments of a call in it.
    mutating func template(
        _ node: Node, _ text: String, standard: ToolTemplate.Escape, known: Set<String>
    ) -> ToolTemplate? {
        do throws(ToolTemplate.Fault) {
            let template = try ToolTemplate(text, standard: standard)
            check(template.references, at: node, known: known)
            return template
        } catch {
            reader.fault(node, error.reason)
            return nil
        }
    }

    /// Holds what a text refers to against the values there will be.
    mutating func check(_ references: [ToolTemplate.Reference], at node: Node, known: Set<String>) {
        for reference in references where !known.contains(reference.path[0]) {
            let hint =
                AgentFileReader.nearest(to: reference.path[0], among: known).map { "did you mean {\($0)}?" }
                ?? "it is no parameter of this tool"
            reader.fault(node, "unknown value {\(reference.path[0])}; \(hint)")
        }
    }
}
