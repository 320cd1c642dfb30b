import Agent
import Foundation
import GRDB
import Testing

@testable import Service

@Suite("Questions to a database as tools")
struct DatabaseToolTests {
    private static let yaml = """
        database: orders
        path: ${ORDERS}
        tools:
          order_of_caller:
            summary: Tells the caller's own orders.
            sql: SELECT id, state, card FROM orders WHERE phone = :call_caller AND (:state IS NULL OR state = :state)
            parameters: {state: {type: string, maxLength: 20}}
            redact: [card]
            max_rows: 2
        """

    private func withDatabase(_ body: (String) async throws -> Void) async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "parley-\(UUID().uuidString).sqlite").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let writer = try DatabaseQueue(path: path)
        try await writer.write { db in
            try db.execute(sql: "CREATE TABLE orders (id INTEGER, phone TEXT, state TEXT, Card TEXT)")
            for (id, phone, state) in [
                (1, "+15550101", "sent"), (2, "+15550102", "sent"), (3, "+15550101", "open"), (4, "+15550101", "open"),
                (5, "", "sent"),
            ] {
                try db.execute(
                    sql: "INSERT INTO orders VALUES (?, ?, ?, '4111')", arguments: [id, phone, state])
            }
        }
        try writer.close()
        try await body(path)
    }

    private func tools(_ yaml: String, _ path: String) throws -> [any Tool] {
        try DatabaseTool.all(
            DatabaseSource(yaml: Data(yaml.utf8), file: "orders.yaml", environment: ["ORDERS": path]))
    }

    @Test("answer with rows, of the caller alone, cut at their number and with columns blotted out")
    func rows() async throws {
        try await withDatabase { path in
            let tool = try tools(Self.yaml, path)[0]
            let context = ToolContext(
                call: CallFacts(callID: "c", callerNumber: "+15550101"), idempotencyKey: "k")
            #expect(
                try await tool.call(["state": "sent"], context: context)
                    == ["rows": [["id": 1, "state": "sent", "Card": "[redacted]"]]])
            let all = try await tool.call([:], context: context)
            #expect(all["rows"]?.array?.count == 2 && all["cut"] != nil)
            #expect(try await tool.call(["state": "' OR 1=1 --"], context: context) == ["rows": []])
            // Who withholds a number hears nothing of those without one.
            let withheld = ToolContext(call: CallFacts(callID: "c"), idempotencyKey: "k")
            #expect(try await tool.call([:], context: withheld) == ["rows": []])
            // A file that goes away is a failure, and no new one.
            try FileManager.default.removeItem(atPath: path)
            await #expect(throws: ToolError.self) { _ = try await tool.call([:], context: context) }
            #expect(!FileManager.default.fileExists(atPath: path))
        }
    }

    @Test("are refused with file and line where a statement writes, names nothing that is, or mistakes a parameter")
    func faults() async throws {
        try await withDatabase { path in
            for (sql, reason) in [
                ("WITH x AS (SELECT 1) DELETE FROM orders", "the statement writes"),
                ("SELECT 1; SELECT 2", "ultiple statements"),
                ("SELECT * FROM customers", "no such table: customers"),
                ("SELECT :staet", "did you mean :state?"),
                ("SELECT upper(card) FROM orders WHERE :state IS NULL", "`redact` names card, which is no column"),
            ] {
                let yaml = Self.yaml.split(separator: "\n").map { line in
                    line.contains("sql:") ? "    sql: \(sql)" : String(line)
                }.joined(separator: "\n")
                do {
                    _ = try tools(yaml, path)
                    Issue.record("\(sql) was accepted")
                } catch let error as AgentFileErrors {
                    #expect(error.description.hasPrefix("orders.yaml:6:"), "\(error)")
                    #expect(error.description.contains(reason), "\(error)")
                }
            }
            do {
                _ = try tools(Self.yaml, path + ".gone")
                Issue.record("a missing file was accepted")
            } catch let error as AgentFileErrors {
                #expect(error.description.hasPrefix("orders.yaml:2:1: the database"), "\(error)")
            }
            // Not set up is no fault.
            #expect(
                try DatabaseTool.all(
                    DatabaseSource(yaml: Data(Self.yaml.utf8), file: "orders.yaml", environment: [:])
                ).isEmpty)
        }
    }
}
