/// A database that agents may ask, and the questions that they may ask it, read from a file in `config/tools`.
///
/// The file's author writes the SQL. A model gives values for its parameters and never a word of it.
package struct DatabaseSource: Sendable {
    /// One question.
    package struct Query: Sendable {
        package var definition: ToolDefinition
        package var sql: String
        /// Where the SQL stands, for what the engine finds wrong with it.
        package var line: Int
        package var column: Int
        package var maximumRows: Int
        /// Of the values that are returned.
        package var maximumBytes: Int
        /// Columns whose values nobody gets to see, in lower case: SQL makes no difference.
        package var redacted: Set<String>

        /// Names that its SQL may use beside the caller's facts.
        package var parameters: Set<String> { Set((definition.parameters["properties"]?.object ?? [:]).keys) }
    }

    /// Parameters that every statement may use and no model can set: whom the call is with.
    package static let callParameters: Set<String> = ["call_id", "call_caller", "call_called"]

    package var name: String
    package var file: String
    /// Of an SQLite file.
    package var path: String
    package var pathLine: Int
    package var queries: [Query]
    /// Environment variables that the file refers to and that are not set.
    package var missing: [String]

    package var definitions: [ToolDefinition] { queries.map(\.definition) }

    /// What is wrong with a statement whose parameters and columns, as the engine sees them, are these.
    package func faults(of query: Query, parameters: Set<String>, columns: [String]) -> [AgentFileFault] {
        let known = query.parameters.union(Self.callParameters)
        let strangers = parameters.subtracting(known).sorted().map { name in
            let hint =
                AgentFileReader.nearest(to: name, among: known).map { "did you mean :\($0)?" }
                ?? "it is no parameter of this tool"
            return "the statement uses :\(name); \(hint)"
        }
        let idle = query.parameters.subtracting(parameters).sorted().map {
            "the parameter \($0) goes nowhere; use :\($0) in the statement or remove it"
        }
        let shown = Set(columns.map { $0.lowercased() })
        // Or what is meant to be hidden would be told.
        let open = query.redacted.subtracting(shown).sorted().map { name in
            let hint =
                AgentFileReader.nearest(to: name, among: shown).map { "did you mean \($0)?" }
                ?? "its columns are \(columns.joined(separator: ", ")); name one with AS"
            return "`redact` names \(name), which is no column of the statement; \(hint)"
        }
        return (strangers + idle + open).map { fault(of: query, $0) }
    }

    /// A fault of the statement of `query`.
    package func fault(of query: Query, _ reason: String) -> AgentFileFault {
        AgentFileFault(
            file: file, line: query.line, column: query.column, reason: "the tool \(query.definition.name): \(reason)")
    }
}
