import Foundation
import GRDB
import Store
import Testing

@Suite("A database of somebody else's, read only")
struct QueryDatabaseTests {
    private static let limits = QueryLimits(rows: 3, bytes: 1000, time: .seconds(2))

    private func withDatabase(_ body: (QueryDatabase, String) async throws -> Void) async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "parley-query-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let path = directory.appending(path: "orders.sqlite").path
        let writer = try DatabaseQueue(path: path)
        try await writer.write { db in
            try db.execute(sql: "CREATE TABLE orders (id INTEGER PRIMARY KEY, phone TEXT, total REAL, note TEXT)")
            for id in 1...5 {
                try db.execute(
                    sql: "INSERT INTO orders VALUES (?, ?, ?, ?)",
                    arguments: [id, "+1555010\(id)", 12.5, id == 5 ? nil : "note '\(id)'"])
            }
        }
        try await body(QueryDatabase(path: path), path)
        // Whatever was tried, nothing was changed.
        #expect(try await writer.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM orders") } == 5)
        try writer.close()
    }

    @Test("answers with values of their own kinds, and with no text of a parameter taken for SQL")
    func values() async throws {
        try await withDatabase { database, _ in
            let found = try await database.run(
                "SELECT id, total, note, x'0102' AS raw FROM orders WHERE id = :id", ["id": .integer(5)],
                limits: Self.limits)
            #expect(
                found
                    == QueryResult(
                        rows: [["id": .integer(5), "total": .real(12.5), "note": .null, "raw": .blob(bytes: 2)]],
                        isCut: false))
            let injected = try await database.run(
                "SELECT id FROM orders WHERE phone = :phone", ["phone": .text("' OR 1=1; DROP TABLE orders; --")],
                limits: Self.limits)
            #expect(injected.rows.isEmpty)
            let shape = try database.check("SELECT ID, :a AS Card, :b, :a FROM orders")
            #expect(shape == QueryShape(parameters: ["a", "b"], columns: ["id", "Card", ":b", ":a"]))
        }
    }

    @Test("stops at its rows and at its bytes")
    func sizes() async throws {
        try await withDatabase { database, _ in
            let rows = try await database.run("SELECT id FROM orders ORDER BY id", [:], limits: Self.limits)
            #expect(rows.rows.count == 3 && rows.isCut)
            let wide = try await database.run(
                "SELECT id, printf('%900c', 'x') AS text FROM orders", [:], limits: Self.limits)
            #expect(wide.rows.count == 1 && wide.isCut)
            // More than the engine may hold in one value.
            await #expect(throws: StoreError.self) {
                _ = try await database.run("SELECT zeroblob(100000000)", [:], limits: Self.limits)
            }
        }
    }

    @Test("ends what takes too long, and answers the next")
    func time() async throws {
        try await withDatabase { database, _ in
            let start = ContinuousClock.now
            let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
            let limits = QueryLimits(rows: 1, bytes: 100, time: .milliseconds(200))
            do throws(StoreError) {
                _ = try await database.run(endless, [:], limits: limits)
                Issue.record("it came to an end")
            } catch {
                #expect(error.code == .cancelled, "\(error)")
            }
            #expect(ContinuousClock.now - start < .seconds(3))
            let next = try await database.run("SELECT 1 AS one", [:], limits: limits)
            #expect(next.rows == [["one": .integer(1)]])
        }
    }

    @Test("refuses more at a time than it may run")
    func crowd() async throws {
        try await withDatabase { _, path in
            let database = QueryDatabase(path: path, concurrent: 1)
            let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
            let codes = await withTaskGroup(of: StoreError.Code?.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        do throws(StoreError) {
                            _ = try await database.run(
                                endless, [:], limits: QueryLimits(rows: 1, bytes: 100, time: .milliseconds(400)))
                            return nil
                        } catch { return error.code }
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(codes.filter { $0 == .locked }.count == 3)
            #expect(codes.filter { $0 == .cancelled }.count == 1)
        }
    }

    @Test(
        "runs no statement but one query",
        arguments: [
            ("DELETE FROM orders", "writes"),
            ("WITH gone AS (SELECT 1) DELETE FROM orders WHERE id IN (SELECT * FROM gone)", "writes"),
            ("INSERT INTO orders (id) VALUES (9) RETURNING id", "writes"),
            ("SELECT 1; DELETE FROM orders", "ultiple statements"),
            ("SELECT * FROM customers", "no such table"),
            ("SELECT ?", "without a name"),
            ("SELECT @x", "must be written :name"),
            ("BEGIN", "returns nothing"),
        ])
    func writes(sql: String, reason: String) async throws {
        try await withDatabase { database, _ in
            do throws(StoreError) {
                _ = try database.check(sql)
                Issue.record("was accepted")
            } catch {
                #expect(error.code == .rejected && error.detail.contains(reason), "\(error)")
            }
            await #expect(throws: StoreError.self) { _ = try await database.run(sql, [:], limits: Self.limits) }
        }
    }

    @Test("is read while a writer keeps a log of its own beside it, and after it has gone")
    func log() async throws {
        try await withDatabase { database, path in
            var writer: DatabaseQueue? = try DatabaseQueue(path: path)
            try await writer?.writeWithoutTransaction { db in
                try db.execute(sql: "PRAGMA journal_mode = WAL")
                try db.execute(sql: "UPDATE orders SET note = 'new' WHERE id = 1")
            }
            let ask = {
                try await database.run("SELECT note FROM orders WHERE id = 1", [:], limits: Self.limits).rows
            }
            #expect(try await ask() == [["note": .text("new")]])
            try writer?.close()
            writer = nil
            #expect(try await ask() == [["note": .text("new")]])
        }
    }

    @Test("makes no file where there is none")
    func missing() {
        let path = FileManager.default.temporaryDirectory.appending(path: "no-\(UUID().uuidString).sqlite").path
        do throws(StoreError) {
            _ = try QueryDatabase(path: path).check("SELECT 1")
            Issue.record("was opened")
        } catch {
            #expect(error.code == .missing)
        }
        #expect(!FileManager.default.fileExists(atPath: path))
    }
}
