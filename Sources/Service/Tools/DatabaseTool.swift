import Agent
import Foundation
import Store

/// A question to a database as a tool.
struct DatabaseTool: Tool {
    let database: QueryDatabase
    let source: String
    let query: DatabaseSource.Query

    var definition: ToolDefinition { query.definition }

    /// The tools of a database, each of whose statements its engine has looked at.
    ///
    /// - Throws: every fault: no such file, a statement that writes or names what does not exist, parameters that do not
    ///   match.
    static func all(_ source: DatabaseSource) throws(AgentFileErrors) -> [any Tool] {
        guard source.missing.isEmpty else { return [] }
        let database = QueryDatabase(path: source.path)
        var faults: [AgentFileFault] = []
        for query in source.queries {
            do throws(StoreError) {
                let shape = try database.check(query.sql)
                faults += source.faults(of: query, parameters: shape.parameters, columns: shape.columns)
            } catch {
                if error.code == .rejected {
                    faults.append(source.fault(of: query, error.detail))
                } else {
                    // Of the file, so once.
                    let fault = AgentFileFault(
                        file: source.file, line: source.pathLine, column: 1,
                        reason: "the database \(source.path) cannot be read: \(error.detail)")
                    if !faults.contains(fault) { faults.append(fault) }
                }
            }
        }
        guard faults.isEmpty else { throw AgentFileErrors(faults) }
        return source.queries.map { DatabaseTool(database: database, source: source.name, query: $0) }
    }

    func call(_ arguments: JSONValue, context: ToolContext) async throws(ToolError) -> JSONValue {
        // What is not known equals nothing, least of all the rows where it is not known either.
        var values = [
            "call_id": context.call.callID, "call_caller": context.call.callerNumber,
            "call_called": context.call.calledNumber,
        ].mapValues { $0.isEmpty ? QueryValue.null : .text($0) }
        for name in query.parameters { values[name] = QueryValue(arguments[name] ?? .null) }
        let limits = QueryLimits(
            rows: query.maximumRows, bytes: query.maximumBytes,
            // The engine's own end comes first, and says more.
            time: definition.deadline * 0.9)
        let found: QueryResult
        do throws(StoreError) { found = try await database.run(query.sql, values, limits: limits) } catch {
            let code: ToolError.Code = error.code == .cancelled ? .deadlineExceeded : .unavailable
            throw ToolError(code, tool: definition.name, detail: "\(source): \(error.detail)")
        }
        let rows = found.rows.map { row in
            let values = row.map { ($0, query.redacted.contains($0.lowercased()) ? "[redacted]" : $1.json) }
            return JSONValue.object(Dictionary(uniqueKeysWithValues: values))
        }
        var answer: [String: JSONValue] = ["rows": .array(rows)]
        if found.isCut { answer["cut"] = "there are more rows than are shown" }
        return .object(answer)
    }
}

extension QueryValue {
    fileprivate init(_ value: JSONValue) {
        self =
            switch value {
            case .bool(let flag): .integer(flag ? 1 : 0)
            case .integer(let number): .integer(Int64(number))
            case .number(let number): .real(number)
            case .string(let text): .text(text)
            case .null, .array, .object: .null
            }
    }

    fileprivate var json: JSONValue {
        switch self {
        case .null: .null
        case .integer(let number): .integer(Int(number))
        case .real(let number): number.isFinite ? .number(number) : .null
        case .text(let text): .string(text)
        case .blob(let bytes): .string("(\(bytes) bytes)")
        }
    }
}
