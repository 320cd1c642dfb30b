import Foundation
import GRDB
import Testing

@testable import Store

@Suite("The proof that records can be written")
struct WriteProbeTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    @Test("succeeds again and again, and leaves nothing behind")
    func works() async throws {
        let store = try directory.store()
        try await store.proveWritable()
        let pages = try await store.read("look", "") { try Int.fetchOne($0, sql: "PRAGMA page_count") }
        for _ in 0..<20 { try await store.proveWritable() }
        let later = try await store.read("look", "") { try Int.fetchOne($0, sql: "PRAGMA page_count") }
        let rows = try await store.read("look", "") { try Int.fetchOne($0, sql: "SELECT count(*) FROM probe") }
        #expect(pages == later)
        #expect(rows == 0)
    }

    @Test("fails on a disk that is full, where reading still works")
    func full() async throws {
        let store = try await directory.store(roomFor: 160_000)
        let error = await #expect(throws: StoreError.self) {
            for number in 0... {
                try await store.apply([.call(.sample("call-\(number)", second: number))], firstRevision: number + 1)
            }
        }
        #expect(error?.code == .diskFull)
        // A call may have needed more pages at once than were left, for its indexes have some, too: these are taken now.
        let rest = await #expect(throws: StoreError.self) {
            while true {
                try await store.write("fill", "") { db in
                    try db.execute(sql: "INSERT INTO probe (bytes) VALUES (?)", arguments: [Data(count: 100)])
                }
            }
        }
        #expect(rest?.code == .diskFull)
        #expect(try await !store.calls(limit: 1).calls.isEmpty)
        #expect(await #expect(throws: StoreError.self) { try await store.proveWritable() }?.code == .diskFull)
    }

    @Test("fails while another process keeps writers out, and says so")
    func locked() async throws {
        let store = try directory.store(StoreOptions(busyTimeout: .zero))
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let other = try DatabaseQueue(path: directory.file("parley.db"), configuration: configuration)
        try await other.writeWithoutTransaction { db in try db.execute(sql: "BEGIN IMMEDIATE") }
        #expect(await #expect(throws: StoreError.self) { try await store.proveWritable() }?.code == .locked)
        try await other.writeWithoutTransaction { db in try db.execute(sql: "COMMIT") }
        try await store.proveWritable()
    }
}
