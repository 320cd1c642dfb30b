import Yams

/// One tool that is a request.
extension ConnectorReader {
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
