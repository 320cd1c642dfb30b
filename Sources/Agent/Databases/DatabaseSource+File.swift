package import Foundation
import Yams

extension DatabaseSource {
    private static let keys: Set<String> = ["database", "path", "timeout", "tools"]

    /// Reads a database's file.
    ///
    /// - Parameter environment: where `${NAME}` is looked up.
    /// - Throws: all its faults, with lines.
    package init(yaml bytes: Data, file: String, environment: [String: String]) throws(AgentFileErrors) {
        let (opened, _, fields) = try ConnectorReader.open(
            bytes, file: file, environment: environment, as: "the database", keys: Self.keys,
            required: ["database", "path", "tools"])
        var reader = opened
        self.file = file
        name = reader.reader.text(fields["database"], "`database`") ?? ""
        path = reader.expanded(fields["path"], "`path`") ?? ""
        pathLine = fields["path"]?.mark?.line ?? 0
        let timeout = reader.reader.seconds(fields["timeout"], "`timeout`", in: 0.1...30) ?? .seconds(2)
        queries = reader.reader.members(fields["tools"], of: "`tools`").compactMap { key, name, value in
            reader.query(name, key: key, value, timeout: timeout)
        }
        missing = reader.missing.sorted()
        try reader.close()
    }
}

extension ConnectorReader {
    private static let queryKeys: Set<String> = [
        "summary", "sql", "parameters", "required", "max_rows", "max_bytes", "redact", "redact_arguments", "timeout",
    ]

    fileprivate mutating func query(
        _ name: String, key: Node, _ node: Node, timeout: Duration
    ) -> DatabaseSource.Query? {
        checkToolName(name, at: key)
        let fields = reader.fields(
            node, of: "the tool \(name)", keys: Self.queryKeys, required: ["summary", "sql"])
        let schema = schema(fields, of: "the tool \(name)")
        for (parameter, value) in (schema["properties"]?.object ?? [:]).sorted(by: { $0.key < $1.key }) {
            if parameter.hasPrefix("call_") {
                reader.fault(
                    fields["parameters"], "a parameter cannot be called `\(parameter)`; call_… are facts of the call")
            }
            if !["string", "integer", "number", "boolean"].contains(value["type"]?.string) {
                reader.fault(
                    fields["parameters"],
                    "the parameter \(parameter) must be a string, integer, number or boolean to be a value in SQL")
            }
        }
        guard let sql = statement(fields["sql"]) else { return nil }
        return DatabaseSource.Query(
            definition: ToolDefinition(
                name: name, summary: reader.text(fields["summary"], "`summary`") ?? "", parameters: schema, risk: .read,
                deadline: reader.seconds(fields["timeout"], "`timeout`", in: 0.1...30) ?? timeout,
                redacted: Set(reader.texts(fields["redact_arguments"], "`redact_arguments`").map(\.text))),
            sql: sql, line: fields["sql"]?.mark?.line ?? 0, column: fields["sql"]?.mark?.column ?? 0,
            maximumRows: reader.integer(fields["max_rows"], "`max_rows`", in: 1...1000) ?? 20,
            maximumBytes: reader.integer(fields["max_bytes"], "`max_bytes`", in: 256...1_048_576) ?? 16_384,
            redacted: Set(reader.texts(fields["redact"], "`redact`").map { $0.text.lowercased() }))
    }

    /// The SQL as it stands. What begins like a command that writes is a fault here already; the engine, which knows
    /// for certain, is asked when the file is opened.
    private mutating func statement(_ node: Node?) -> String? {
        guard reader.text(node, "`sql`") != nil, let node, let text = node.scalar?.string else { return nil }
        let word = Self.firstWord(ofSQL: text)
        if !["SELECT", "WITH", "VALUES"].contains(word) {
            reader.fault(
                node, "`sql` must be one query that only reads and begins with SELECT, WITH or VALUES, not \(word)")
        }
        return text
    }

    /// The first word that is no comment, in capitals.
    static func firstWord(ofSQL text: String) -> String {
        var rest = text[...].drop(while: \.isWhitespace)
        while true {
            if rest.hasPrefix("--") {
                rest = rest.drop { !$0.isNewline }.drop(while: \.isWhitespace)
            } else if rest.hasPrefix("/*"), let end = rest.range(of: "*/") {
                rest = rest[end.upperBound...].drop(while: \.isWhitespace)
            } else {
                return rest.prefix(while: \.isLetter).uppercased()
            }
        }
    }
}
