import Foundation
import Store
import TestPostgres
import Testing

@Suite("A PostgreSQL database of somebody else's, read only")
struct QueryServerTests {
    private static let table = """
        CREATE TABLE patients (id INTEGER PRIMARY KEY, mobile TEXT, due DATE);
        INSERT INTO patients VALUES (1, '+12127365000', '2026-12-01'), (2, NULL, NULL);
        CREATE SEQUENCE numbers;
        CREATE FUNCTION forget() RETURNS integer LANGUAGE plpgsql AS $$
            BEGIN DELETE FROM patients; RETURN 1; END $$;
        """

    private struct Read {
        var columns: [String] = []
        var rows: [[QueryValue]] = []
    }

    private func read(_ sql: String, at address: String, within time: Duration = .seconds(60)) throws -> Read {
        var read = Read()
        var rows: [[QueryValue]] = []
        try QueryServer(address: address, time: time).forEachRow(
            sql, begin: { read.columns = $0 }, take: { rows.append($0) })
        read.rows = rows
        return read
    }

    /// What is said when a query cannot be read to its end.
    private func refusal(_ sql: String, at address: String, within time: Duration = .seconds(60)) throws -> StoreError {
        do {
            _ = try read(sql, at: address, within: time)
        } catch let error as StoreError {
            return error
        }
        throw StoreError(.failed, operation: "be refused", subject: sql, detail: "it was taken")
    }

    @Test("answers with values of their own kinds, in the order of its columns, which are told where there is no row")
    func values() throws {
        let address = try TestServer.shared.get().address(ofDatabaseWith: Self.table)
        let found = try read(
            """
            SELECT 9007199254740993::bigint AS b, 7::smallint AS s, 2127365000::float8 AS f, 2127365001.00::numeric AS n,
                12345678901234567890.5::numeric AS wide, true AS yes, NULL::text AS nothing, '' AS empty,
                'Zoë "日本"' AS text, '\\x0102'::bytea AS raw, due, 'a' AS b
            FROM patients WHERE id = 1 -- and no more
            """, at: address)
        #expect(found.columns == ["b", "s", "f", "n", "wide", "yes", "nothing", "empty", "text", "raw", "due", "b"])
        #expect(
            found.rows == [
                [
                    .integer(9_007_199_254_740_993), .integer(7), .real(2_127_365_000), .text("2127365001"),
                    .text("12345678901234567890.5"), .text("true"), .null, .text(""), .text("Zoë \"日本\""),
                    .blob(bytes: 2), .text("2026-12-01"), .text("a"),
                ]
            ])
        let none = try read("SELECT id, mobile FROM patients WHERE id > 2;", at: address)
        #expect(none.columns == ["id", "mobile"] && none.rows.isEmpty)
    }

    @Test("50,000 rows of 8 kB are read one after the other, and are never all in memory")
    func many() throws {
        let address = try TestServer.shared.get().address(ofDatabaseWith: Self.table)
        let before = Self.resident
        var (count, sum, most) = (0, 0, before)
        try QueryServer(address: address, time: .seconds(120)).forEachRow(
            "SELECT i, repeat(chr(97 + i % 26), 8000) AS note FROM generate_series(1, 50000) AS i", begin: { _ in },
            take: { values in
                count += 1
                if case .integer(let number) = values[0] { sum += Int(number) }
                if count.isMultiple(of: 5000) { most = max(most, Self.resident) }
            })
        #expect(count == 50_000 && sum == 1_250_025_000)
        // Altogether they have 400 MB; other tests take some meanwhile.
        #expect(most - before < 200)
    }

    @Test("rows are handed on before the last one is known; where one fails, those before it were")
    func pieces() throws {
        let address = try TestServer.shared.get().address(ofDatabaseWith: Self.table)
        var count = 0
        var told = ""
        do {
            try QueryServer(address: address, time: .seconds(60)).forEachRow(
                "SELECT 1 / (2500 - i) AS share FROM generate_series(1, 50000) AS i", begin: { _ in },
                take: { _ in count += 1 })
        } catch { told = "\(error)" }
        #expect(told.contains("division by zero"))
        #expect((1000..<2500).contains(count))
    }

    @Test(
        "what writes, is several statements, has parameters, or names what is not there is refused, and changes nothing"
    )
    func refused() throws {
        let address = try TestServer.shared.get().address(ofDatabaseWith: Self.table)
        for (sql, words) in [
            ("DELETE FROM patients", "SELECT, WITH, VALUES or TABLE"),
            ("WITH gone AS (DELETE FROM patients RETURNING id) SELECT * FROM gone", "WITH"),
            ("SELECT forget()", "only what reads is run"), ("SELECT nextval('numbers')", "only what reads is run"),
            ("SELECT set_config('transaction_read_only', 'off', true), forget()", "read"),
            ("SELECT 1; DELETE FROM patients", "multiple commands"), ("SELECT 1; COMMIT", "multiple commands"),
            ("COMMIT", "SELECT, WITH, VALUES or TABLE"), ("SELECT id INTO copy FROM patients", "INTO"),
            ("SELECT id FROM patients FOR UPDATE", "only what reads is run"),
            ("SELECT mobile FROM patients WHERE id = $1", "parameter $1"), ("SELECT phone FROM clients", "clients"),
            ("SELECT 1 / 0", "division by zero"), ("", "SELECT, WITH, VALUES or TABLE"),
        ] {
            let error = try refusal(sql, at: address)
            #expect(error.code == .rejected && error.detail.contains(words), "\(sql): \(error)")
        }
        #expect(try read("SELECT count(*) FROM patients", at: address).rows == [[.integer(2)]])
    }

    @Test("a query that takes too long is ended")
    func slow() throws {
        let address = try TestServer.shared.get().address(ofDatabaseWith: Self.table)
        let error = try refusal("SELECT pg_sleep(20)", at: address, within: .milliseconds(300))
        #expect(error.code == .cancelled && error.detail.contains("ask for less"))
    }

    @Test("a server that is not there, and an address that is none, are told without the password")
    func unreachable() throws {
        for address in [
            "postgres://clerk:s3cret@127.0.0.1:1/clinic", "postgresql://clerk:s3cret@[::1/clinic",
            "postgres://clerk:s3cret@127.0.0.1:1/clinic?sslmode=s3cretly",
        ] {
            let error = try refusal("SELECT 1 AS phone", at: address)
            #expect(error.code == .unreachable)
            #expect(!"\(error)".contains("s3cret@") && !"\(error)".contains("clerk:"))
        }
        let error = try refusal("SELECT 1 AS phone", at: "postgres://clerk:s3cret@127.0.0.1:1/clinic")
        #expect("\(error)".contains("postgres://clerk@127.0.0.1:1/clinic"))
        #expect("\(error)".contains("correct its address, user or password"))
    }

    /// MB of this process in memory.
    private static var resident: Int {
        let text = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
        return (line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0) / 1024
    }
}
