import Agent
import Foundation
import Testing

@Suite("The file of a database")
struct DatabaseSourceTests {
    private static func file(_ tool: String) -> String {
        "database: d\npath: d.sqlite\ntools:\n  t:\n    summary: s\n    \(tool)\n"
    }

    @Test(
        "is refused with line and reason",
        arguments: [
            (file("sql: DELETE FROM x"), 6, "begins with SELECT, WITH or VALUES, not DELETE"),
            (file("sql: |\n      -- a SELECT\n      /* SELECT */ UPDATE x SET a = 1"), 6, "not UPDATE"),
            (file("sql: PRAGMA journal_mode = DELETE"), 6, "not PRAGMA"),
            (file("sql: SELECT 1\n    parameters: {call_caller: {type: string}}"), 7, "call_… are facts of the call"),
            (file("sql: SELECT :a\n    parameters: {a: {type: array}}"), 7, "to be a value in SQL"),
            (file("sql: SELECT 1\n    max_rows: 0"), 7, "must be from 1 to 1000"),
            (file("sql: SELECT 1\n    risk: read"), 7, "unknown key `risk`"),
            ("database: d\ntools: {}", 1, "lacks the key `path`"),
        ])
    func faults(yaml: String, line: Int, reason: String) {
        do throws(AgentFileErrors) {
            _ = try DatabaseSource(yaml: Data(yaml.utf8), file: "d.yaml", environment: [:])
            Issue.record("was read")
        } catch {
            #expect(error.faults.contains { $0.line == line && $0.reason.contains(reason) }, "\(error)")
        }
    }

    @Test("says which parameters of a statement match those of the tool")
    func parameters() throws {
        let source = try DatabaseSource(
            yaml: Data(Self.file("sql: SELECT 1\n    parameters: {order_id: {type: string}}").utf8), file: "d.yaml",
            environment: [:])
        let query = source.queries[0]
        #expect(source.faults(of: query, parameters: ["order_id", "call_caller"], columns: []).isEmpty)
        #expect(
            source.faults(of: query, parameters: ["order_ids"], columns: ["1"]).map(\.description) == [
                "d.yaml:6:10: the tool t: the statement uses :order_ids; did you mean :order_id?",
                "d.yaml:6:10: the tool t: the parameter order_id goes nowhere; use :order_id in the statement or remove it",
            ])
        #expect(query.definition.risk == .read)
    }

    @Test("says which column that nobody may see is none, whatever its case")
    func redaction() throws {
        let source = try DatabaseSource(
            yaml: Data(Self.file("sql: SELECT card FROM x\n    redact: [CARD, pin]").utf8), file: "d.yaml",
            environment: [:])
        let faults = { (columns: [String]) in
            source.faults(of: source.queries[0], parameters: [], columns: columns).map(\.reason)
        }
        #expect(faults(["Card", "Pin"]).isEmpty)
        #expect(
            faults(["Card", "pinn"]) == [
                "the tool t: `redact` names pin, which is no column of the statement; did you mean pinn?"
            ])
        let hint = "its columns are Card, upper(secret); name one with AS"
        #expect(faults(["Card", "upper(secret)"]).first?.hasSuffix(hint) == true)
    }
}
