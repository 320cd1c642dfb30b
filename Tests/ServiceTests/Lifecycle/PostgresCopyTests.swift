import Foundation
import Store
import TestPostgres
import TestSupport
import Testing

@testable import Service

@Suite("A copy of a PostgreSQL database")
struct PostgresCopyTests {
    private let directory = FileManager.default.temporaryDirectory.appending(path: "parley-copy-\(UUID().uuidString)")

    init() throws { try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true) }

    private func file(_ name: String) -> String { directory.appending(path: name).path }

    private static func call(_ id: String, second: Int) -> RevisedWrite {
        let call = CallRecord(
            id: id, carrier: "twilio", carrierCallID: "CA" + id, direction: .inbound, from: "+15550001",
            to: "+15550002", agent: "receptionist", agentVersion: "1",
            startedAt: Date(timeIntervalSince1970: 1_790_000_000 + Double(second)))
        return RevisedWrite(revision: 1, write: .call(call))
    }

    @Test("is what the database held at one moment although calls go on, and fills an empty one")
    func roundTrip() async throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        let server = try TestServer.shared.get()
        let (from, to) = (try server.database(), try server.database())
        let store = try Store(postgres: from)
        for number in 0..<20 { try await store.apply([Self.call("c\(number)", second: number)]) }
        try await withThrowingTaskGroup { group in
            group.addTask {
                for number in 20..<60 { try await store.apply([Self.call("c\(number)", second: number)]) }
            }
            try await PostgresCopy(from).dump(to: file("copy"))
            try await group.waitForAll()
        }
        let attributes = try FileManager.default.attributesOfItem(atPath: file("copy"))
        #expect((attributes[.posixPermissions] as? Int).map { $0 & 0o077 } == 0, "others cannot read it")
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["copy"])

        try await PostgresCopy(to).restore(file("copy"))
        let restored = try Store(postgres: to, options: StoreOptions(createsFile: false))
        let count = try await restored.calls(limit: 1000).calls.count
        #expect((20...60).contains(count))
        try await restored.verify()
        #expect(try await store.calls(limit: 1000).calls.count == 60)
        // A second time there is something in the way.
        let error = await #expect(throws: PostgresCopy.Failure.self) {
            try await PostgresCopy(to).restore(file("copy"))
        }
        #expect(error?.description.contains("make an empty database") == true)
        try restored.close()
        try store.close()
    }

    @Test("is refused over a file, of nothing, of another program, damaged, and without the programs")
    func refusals() async throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        let server = try TestServer.shared.get()
        let (from, empty) = (try server.database(), try server.database())
        try Store(postgres: from).close()
        try Data("mine".utf8).write(to: URL(filePath: file("mine")))
        func refusal(_ body: () async throws -> Void) async -> String {
            do { try await body() } catch { return "\(error)" }
            return "it was done"
        }
        #expect(await refusal { try await PostgresCopy(from).dump(to: file("mine")) }.contains("is there already"))
        #expect(try String(contentsOfFile: file("mine"), encoding: .utf8) == "mine")
        #expect(await refusal { try await PostgresCopy(empty).dump(to: file("x")) }.contains("no database of Parley's"))
        #expect(await refusal { try await PostgresCopy(empty).restore(file("x")) }.contains("cannot be read"))
        #expect(await refusal { try await PostgresCopy(empty).restore(file("mine")) }.contains("pg_restore failed"))
        let bare = PostgresCopy(from, environment: ["PATH": "/nowhere"], installed: [])
        #expect(await refusal { try await bare.dump(to: file("x")) }.contains("pg_dump is not installed"))
        let lost = PostgresLocation("host=/nowhere dbname=parley connect_timeout=1")
        #expect(await refusal { try await PostgresCopy(lost).dump(to: file("x")) }.contains("unreachable"))
        // Half a copy brings nothing at all.
        try await PostgresCopy(from).dump(to: file("whole"))
        let whole = try Data(contentsOf: URL(filePath: file("whole")))
        try whole.prefix(whole.count * 2 / 3).write(to: URL(filePath: file("half")))
        #expect(await refusal { try await PostgresCopy(empty).restore(file("half")) }.contains("pg_restore failed"))
        #expect(try empty.contents().tables.isEmpty)
    }

    @Test("leaves the schema to the one who restores, and belongs to the same")
    func entries() throws {
        let list = """
            ; Archive created at 2026-11-27
            4; 2615 2200 SCHEMA - public pg_database_owner
            3348; 0 0 COMMENT - SCHEMA public pg_database_owner
            214; 1259 16386 TABLE public parley_schema parley
            3341; 0 16386 TABLE DATA public parley_schema parley
            """
        let kept = try PostgresCopy.entries(of: list, schema: "public", file: "f")
        #expect(kept.split(separator: "\n").count == 2 && !kept.contains("SCHEMA -"))
        #expect(throws: PostgresCopy.Failure.self) {
            _ = try PostgresCopy.entries(of: list, schema: "other", file: "f")
        }
        #expect(throws: PostgresCopy.Failure.self) {
            _ = try PostgresCopy.entries(of: "214; 1259 1 TABLE public birds parley", schema: "public", file: "f")
        }
    }

    @Test("and the service itself reach a server over TLS, if its certificate is the right one")
    func encrypted() async throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        let server = try TestServer(tls: FreePort.any())
        let address = try #require(server.address)
        let proven = PostgresLocation("\(address) sslmode=verify-full sslrootcert=\(server.certificate)")
        let store = try Store(postgres: proven)
        try await store.apply([Self.call("c1", second: 1)])
        #expect(try await store.calls().calls.map(\.id) == ["c1"])
        try await PostgresCopy(proven).dump(to: file("copy"))
        try store.close()
        // Without TLS the server takes nobody, and a certificate of somebody else proves nothing.
        #expect(throws: StoreError.self) { try Store(postgres: PostgresLocation("\(address) sslmode=disable")) }
        let other = try TestServer(tls: FreePort.any())
        let mistaken = PostgresLocation("\(address) sslmode=verify-full sslrootcert=\(other.certificate)")
        let error = #expect(throws: StoreError.self) { try Store(postgres: mistaken) }
        #expect(error?.code == .unreachable && error?.detail.contains("certificate") == true, "\(error?.detail ?? "")")
    }
}
