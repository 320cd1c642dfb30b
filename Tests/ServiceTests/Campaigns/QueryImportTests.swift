import Campaigns
import Foundation
import GRDB
import Store
import TestPostgres
import Testing

@testable import Service

@Suite("Contacts of a query")
struct QueryImportTests {
    /// Somebody's database of patients.
    private func database(in test: OfficeUnderTest, rows: [(Int64, (any DatabaseValueConvertible)?, String?)]) throws
        -> String
    {
        let path = test.directory.appending(path: "patients.sqlite").path
        let writer = try DatabaseQueue(path: path)
        try writer.write { db in
            try db.execute(sql: "CREATE TABLE patients (id INTEGER PRIMARY KEY, mobile, name TEXT)")
            for row in rows {
                try db.execute(sql: "INSERT INTO patients VALUES (?, ?, ?)", arguments: [row.0, row.1, row.2])
            }
        }
        try writer.close()
        return path
    }

    private func example(_ test: OfficeUnderTest) async throws {
        let file = OfficeUnderTest.configurationFolder.appending(path: "campaigns/reminder.yaml").path
        _ = try await test.office.create(file: file)
    }

    private func importing(
        _ sql: String, of database: String, mapping: [String] = [], _ test: OfficeUnderTest
    ) async throws -> ContactImport.Report {
        try await ContactImport(
            office: test.office, source: .query(sql: sql, database: database),
            rejectedPath: test.directory.appending(path: "rejected.csv").path, mapping: try ColumnMapping(mapping)
        ).run(campaign: "reminder")
    }

    @Test("become contacts as those of a file do: mapped, normalised, once, and what makes none is told with its row")
    func rows() async throws {
        try await OfficeUnderTest.run { test in
            try await example(test)
            let path = try database(
                in: test,
                rows: [
                    (1, "(212) 736-5000", "=Anna, \"the\nfirst\"\u{301}"), (2, 2_127_365_001, "Bob"),
                    (3, 2_127_365_002.0, nil),
                    (4, "+12127365000", "Anna again"), (5, "911", "nobody"), (6, nil, "no number"),
                ])
            let report = try await importing(
                "SELECT mobile AS Rufnummer, name FROM patients ORDER BY id", of: path, mapping: ["Rufnummer:phone"],
                test)
            #expect(report.rows == 6)
            #expect(report.added == 3)
            #expect(report.duplicates == 1)
            #expect(report.rejected == 2)
            #expect(report.encoding.isEmpty)
            let campaign = try await test.office.store.campaign(named: "reminder")
            let contacts = try await test.office.store.contacts(campaign: campaign.id)
            #expect(contacts.map(\.number) == ["+12127365000", "+12127365001", "+12127365002"])
            #expect(contacts.map { $0.variables["name"] } == ["=Anna, \"the\nfirst\"\u{301}", "Bob", nil])
            let rejected = try String(contentsOfFile: try #require(report.rejectedFile), encoding: .utf8)
            #expect(rejected.contains("\n6,"))
            #expect(rejected.contains("\n7,has no telephone number"))
            // Asked again it adds nobody.
            let again = try await importing("SELECT mobile FROM patients", of: path, test)
            #expect(again.added == 0)
        }
    }

    @Test("a statement that writes, has parameters, names nothing, or returns bytes is refused, and adds nobody")
    func refused() async throws {
        try await OfficeUnderTest.run { test in
            try await example(test)
            let path = try database(in: test, rows: [(1, "(212) 736-5000", "Anna"), (2, Data([1, 2]), "Bob")])
            for (sql, words) in [
                ("DELETE FROM patients", "writes"), ("SELECT mobile FROM patients WHERE name = :name", ":name"),
                ("SELECT phone FROM clients", "no such table"), ("SELECT mobile FROM patients", "bytes"),
                ("SELECT name FROM patients", "no column holds the telephone number"),
            ] {
                var told = "it was taken"
                do { _ = try await importing(sql, of: path, test) } catch { told = "\(error)" }
                #expect(told.contains(words), "\(sql)")
            }
            for address in ["POSTGRES://parley:s3cret@127.0.0.1/a", "host=127.0.0.1 password=s3cret"] {
                var told = "it was taken"
                do { _ = try await importing("SELECT 1", of: address, test) } catch { told = "\(error)" }
                #expect(told.contains("postgresql://") && !told.contains("s3cret"), "\(told)")
            }
            await #expect(throws: StoreError.self) {
                _ = try await importing("SELECT 1 AS phone", of: path + ".missing", test)
            }
            let campaign = try await test.office.store.campaign(named: "reminder")
            #expect(try await test.office.store.contacts(campaign: campaign.id).isEmpty)
        }
    }

    @Test("many rows are taken in pieces; a query without rows adds nobody")
    func many() async throws {
        try await OfficeUnderTest.run { test in
            try await example(test)
            let path = try database(in: test, rows: [])
            let sql = """
                WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 2999)
                SELECT '+1212736' || (1000 + i) AS phone, printf('%100c', 'x') AS note FROM n
                """
            let report = try await importing(sql, of: path, test)
            #expect(report.rows == 3000)
            #expect(report.added == 3000)
            let none = try await importing("SELECT mobile, name FROM patients", of: path, test)
            #expect(none.rows == 0)
            #expect(none.rejectedFile == nil)
        }
    }

    /// Somebody's patients on a server.
    private static let patients = """
        CREATE TABLE patients (id INTEGER PRIMARY KEY, mobile TEXT, digits NUMERIC(12, 2), name TEXT, due DATE);
        INSERT INTO patients VALUES
            (1, '(212) 736-5000', 2127365100, E'=Anna, "the\nfirst"', '2026-12-01'),
            (2, NULL, 2127365001, 'Bob', NULL), (3, '+12127365000', 2127365002, 'Anna again', NULL),
            (4, '911', NULL, 'nobody', NULL), (5, NULL, NULL, 'no number', NULL);
        """

    @Test("on a server become contacts in the same way; its password is nowhere")
    func server() async throws {
        let address = try TestServer.shared.get().address(ofDatabaseWith: Self.patients)
        try await OfficeUnderTest.run { test in
            try await example(test)
            let report = try await importing(
                """
                SELECT coalesce(mobile, digits::bigint::text) AS "Rufnummer", name, due, id > 1 AS again
                FROM patients ORDER BY id
                """, of: address, mapping: ["Rufnummer:phone", "again:"], test)
            #expect(report.rows == 5 && report.added == 2 && report.duplicates == 1 && report.rejected == 2)
            let campaign = try await test.office.store.campaign(named: "reminder")
            let contacts = try await test.office.store.contacts(campaign: campaign.id)
            #expect(contacts.map(\.number) == ["+12127365000", "+12127365001"])
            #expect(contacts.map { $0.variables["name"] } == ["=Anna, \"the\nfirst\"", "Bob"])
            #expect(contacts.map { $0.variables["due"] } == ["2026-12-01", nil])
            #expect(contacts.allSatisfy { $0.variables["again"] == nil })
            let rejected = try String(contentsOfFile: try #require(report.rejectedFile), encoding: .utf8)
            #expect(rejected.contains("\n5,") && rejected.contains("\n6,has no telephone number"))
            // A number in a column of decimal numbers is one all the same.
            let numbers = try await importing("SELECT digits AS phone FROM patients WHERE id < 4", of: address, test)
            #expect(numbers.added == 2 && numbers.duplicates == 1)
        }
    }

    @Test("on a server that fail, write or cannot be reached are told with where and why, and add nobody")
    func refusedByServer() async throws {
        let address = try TestServer.shared.get().address(ofDatabaseWith: Self.patients)
        try await OfficeUnderTest.run { test in
            try await example(test)
            for (sql, words) in [
                ("DELETE FROM patients", "one statement that reads"), ("SELECT phone FROM clients", "clients"),
                ("SELECT mobile AS phone, 1 / (id - 3) AS share FROM patients ORDER BY id", "division by zero"),
                ("SELECT mobile AS phone, '\\x01'::bytea AS photo FROM patients", "bytes"),
                ("SELECT name FROM patients", "no column holds the telephone number"),
            ] {
                var told = "it was taken"
                do { _ = try await importing(sql, of: address, test) } catch { told = "\(error)" }
                #expect(told.contains(words), "\(sql)")
            }
            var told = "it was taken"
            do {
                _ = try await importing("SELECT 1 AS phone", of: "postgres://clerk:s3cret@127.0.0.1:1/clinic", test)
            } catch { told = "\(error)" }
            #expect(
                told.contains("postgres://clerk@127.0.0.1:1/clinic") && told.contains("start the database's server"))
            #expect(!told.contains("s3cret"))
            let campaign = try await test.office.store.campaign(named: "reminder")
            #expect(try await test.office.store.contacts(campaign: campaign.id).isEmpty)
        }
    }
}
