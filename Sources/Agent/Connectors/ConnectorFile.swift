package import Foundation
import Yams

extension Connector {
    private static let keys: Set<String> = ["connector", "url", "auth", "headers", "timeout", "tools"]

    /// Reads a connector's file.
    ///
    /// - Parameters:
    ///   - file: the name for faults.
    ///   - environment: where `${NAME}` and `${NAME:-otherwise}` are looked up.
    /// - Throws: all its faults, with lines. A variable that is not set is none: it goes to ``missing``.
    package init(yaml bytes: Data, file: String, environment: [String: String]) throws(AgentFileErrors) {
        let (opened, _, fields) = try ConnectorReader.open(
            bytes, file: file, environment: environment, as: "the connector", keys: Self.keys,
            required: ["connector", "url", "tools"])
        var reader = opened
        self.file = file
        name = reader.reader.text(fields["connector"], "`connector`") ?? ""
        url = reader.url(fields["url"], "`url`") ?? ""
        authentication = reader.authentication(fields["auth"])
        headers = reader.headers(fields["headers"], known: [], allowsVariables: true)
        let timeout = reader.reader.seconds(fields["timeout"], "`timeout`", in: 0.5...60) ?? .seconds(8)
        operations = reader.reader.members(fields["tools"], of: "`tools`").compactMap { key, name, value in
            reader.operation(name, key: key, value, timeout: timeout)
        }
        missing = reader.missing.sorted()
        try reader.close()
    }
}

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

    // MARK: Authentication

    mutating func authentication(_ node: Node?) -> Connector.Authentication {
        let kinds = ["bearer", "basic", "header", "oauth2", "service_account"]
        let fields = reader.fields(node, of: "`auth`", keys: Set(kinds))
        let given = kinds.filter { fields[$0] != nil }
        guard let kind = given.first, given.count == 1 else {
            if node != nil, reader.faults.isEmpty {
                reader.fault(node, "`auth` needs one of \(kinds.joined(separator: ", "))")
            }
            return .none
        }
        let value = fields[kind]
        switch kind {
        case "bearer": return .bearer(expanded(value, "`bearer`") ?? "")
        case "basic":
            let pair = reader.fields(value, of: "`basic`", keys: ["user", "password"], required: ["user", "password"])
            return .basic(
                user: expanded(pair["user"], "`user`") ?? "", password: expanded(pair["password"], "`password`") ?? "")
        case "header":
            guard let (_, name, secret) = reader.members(value, of: "`header`").first else { return .none }
            return .header(name: name, value: expanded(secret, "the header \(name)") ?? "")
        case "oauth2":
            let parts = reader.fields(
                value, of: "`oauth2`", keys: ["token_url", "client_id", "client_secret", "scope", "audience"],
                required: ["token_url", "client_id", "client_secret"])
            return .clientCredentials(
                Connector.ClientCredentials(
                    tokenURL: url(parts["token_url"], "`token_url`") ?? "",
                    clientID: expanded(parts["client_id"], "`client_id`") ?? "",
                    clientSecret: expanded(parts["client_secret"], "`client_secret`") ?? "",
                    scope: expanded(parts["scope"], "`scope`"), audience: expanded(parts["audience"], "`audience`")))
        default:
            let parts = reader.fields(
                value, of: "`service_account`", keys: ["key_file", "scope", "subject"],
                required: ["key_file", "scope"])
            return .serviceAccount(
                Connector.ServiceAccount(
                    keyFile: expanded(parts["key_file"], "`key_file`") ?? "",
                    scope: expanded(parts["scope"], "`scope`") ?? "",
                    subject: expanded(parts["subject"], "`subject`").flatMap { $0.isEmpty ? nil : $0 }))
        }
    }

    // MARK: Tools

    private static let operationKeys: Set<String> = [
        "summary", "risk", "method", "path", "query", "headers", "body", "form", "parameters", "required", "idempotent",
        "idempotency_header", "result", "success", "errors", "max_bytes", "redact", "redact_arguments", "timeout",
    ]

    mutating func operation(_ name: String, key: Node, _ node: Node, timeout: Duration) -> HTTPOperation? {
        let subject = "the tool \(name)"
        checkToolName(name, at: key)
        let fields = reader.fields(
            node, of: subject, keys: Self.operationKeys, required: ["summary", "risk", "method", "path"])
        let schema = schema(fields, of: subject)
        let arguments = Set(schema["properties"]?.object?.keys ?? [:].keys)
        let known = arguments.union(["call", "key"])
        let method = (reader.text(fields["method"], "`method`") ?? "GET").uppercased()
        if !["GET", "POST", "PUT", "PATCH", "DELETE"].contains(method) {
            reader.fault(fields["method"], "`method` is `\(method)` but must be one of: GET, POST, PUT, PATCH, DELETE")
        }
        let path = path(fields["path"], known: known)
        var query: [(name: String, value: ToolTemplate)] = []
        for (_, name, value) in reader.members(fields["query"], of: "`query`") {
            guard let text = reader.text(value, "the parameter \(name)"),
                let template = template(value, text, standard: .raw, known: known)
            else { continue }
            query.append((name, template))
        }
        let headers = headers(fields["headers"], known: known, allowsVariables: false)
        let body = body(fields, known: known, subject: subject, method: method)
        if method == "GET", body != .none {
            reader.fault(fields["body"] ?? fields["form"], "a GET has no body; use `query`")
        }
        let risk = reader.choice(fields["risk"], "`risk` of \(subject)", as: ToolDefinition.Risk.self) ?? .irreversible
        checkRequired(fields, path: path, query: query, headers: headers, body: body, schema: schema, node: node)
        return HTTPOperation(
            definition: ToolDefinition(
                name: name, summary: reader.text(fields["summary"], "`summary`") ?? "", parameters: schema, risk: risk,
                deadline: reader.seconds(fields["timeout"], "`timeout`", in: 0.5...60) ?? timeout,
                redacted: Set(reader.texts(fields["redact_arguments"], "`redact_arguments`").map(\.text))),
            method: method, path: path ?? .empty, query: query, headers: headers, body: body,
            isIdempotent: reader.flag(fields["idempotent"], "`idempotent`") ?? (method != "POST" && method != "PATCH"),
            keyHeader: reader.text(fields["idempotency_header"], "`idempotency_header`"),
            result: result(fields["result"]), success: success(fields["success"]), errors: errors(fields["errors"]),
            maximumBytes: reader.integer(fields["max_bytes"], "`max_bytes`", in: 1024...16_777_216) ?? 1_048_576,
            redacted: Set(reader.texts(fields["redact"], "`redact`").map(\.text)))
    }

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

    private mutating func path(_ node: Node?, known: Set<String>) -> ToolTemplate? {
        guard let node, let text = reader.text(node, "`path`") else { return nil }
        if !text.hasPrefix("/") { reader.fault(node, "`path` must begin with /") }
        if text.contains("?") { reader.fault(node, "`path` has a ?; give parameters in `query`") }
        return template(node, text, standard: .url, known: known)
    }

    private mutating func body(
        _ fields: [String: Node], known: Set<String>, subject: String, method: String
    ) -> HTTPOperation.Body {
        if fields["body"] != nil, fields["form"] != nil {
            reader.fault(fields["form"], "\(subject) has both `body` and `form`; keep one")
        }
        if let node = fields["body"] {
            do throws(ToolTemplate.Fault) {
                let template = try BodyTemplate(JSONValue(node))
                check(template.references, at: node, known: known)
                return .json(template)
            } catch {
                reader.fault(node, error.reason)
            }
        }
        guard fields["form"] != nil else { return .none }
        var form: [String: ToolTemplate] = [:]
        for (_, name, value) in reader.members(fields["form"], of: "`form`") {
            guard let text = reader.text(value, "the field \(name)") else { continue }
            form[name] = template(value, text, standard: .raw, known: known)
        }
        return .form(form)
    }

    private mutating func template(
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

    private mutating func check(_ references: [ToolTemplate.Reference], at node: Node, known: Set<String>) {
        for reference in references where !known.contains(reference.path[0]) {
            let hint =
                AgentFileReader.nearest(to: reference.path[0], among: known).map { "did you mean {\($0)}?" }
                ?? "it is no parameter of this tool"
            reader.fault(node, "unknown value {\(reference.path[0])}; \(hint)")
        }
    }

    /// A value that may be missing must be marked so, or a request would be sent with a hole in it.
    private mutating func checkRequired(
        _ fields: [String: Node], path: ToolTemplate?, query: [(name: String, value: ToolTemplate)],
        headers: [String: ToolTemplate], body: HTTPOperation.Body, schema: JSONValue, node: Node
    ) {
        let required = Set(schema["required"]?.array?.compactMap(\.string) ?? []).union(["call", "key"])
        var references = (path?.references ?? []) + query.flatMap(\.value.references)
        references += headers.values.flatMap(\.references)
        switch body {
        case .none: break
        case .json(let template): references += template.references
        case .form(let form): references += form.values.flatMap(\.references)
        }
        for name in Set(references.filter { !$0.isOptional }.map { $0.path[0] }).sorted()
        where !required.contains(name) && schema["properties"]?[name] != nil {
            reader.fault(node, "the parameter \(name) is not required; list it in `required` or write {\(name)?}")
        }
        let used = Set(references.map { $0.path[0] })
        for name in (schema["properties"]?.object?.keys.sorted() ?? []) where !used.contains(name) {
            reader.fault(fields["parameters"], "the parameter \(name) goes nowhere; use it in the request or remove it")
        }
    }

    private mutating func result(_ node: Node?) -> ResultMapping? {
        guard let node else { return nil }
        do throws(ResultMapping.Fault) { return try ResultMapping(JSONValue(node)) } catch {
            reader.fault(node, error.reason)
            return nil
        }
    }

    private mutating func success(_ node: Node?) -> (flag: [ResultMapping.Step], reason: [ResultMapping.Step])? {
        guard let node else { return nil }
        let fields = reader.fields(node, of: "`success`", keys: ["flag", "reason"], required: ["flag", "reason"])
        guard case .path(let flag)? = result(fields["flag"]), case .path(let reason)? = result(fields["reason"]) else {
            return nil
        }
        return (flag, reason)
    }

    private mutating func errors(_ node: Node?) -> [Int: ToolError.Code] {
        var errors: [Int: ToolError.Code] = [:]
        for (key, status, value) in reader.members(node, of: "`errors`") {
            guard let number = Int(status), (300...599).contains(number) else {
                reader.fault(key, "`\(status)` is no status of a failure; write a number from 300 to 599")
                continue
            }
            errors[number] = reader.choice(value, "the error for \(status)", as: ToolError.Code.self)
        }
        return errors
    }
}
