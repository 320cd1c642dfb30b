import Foundation
import Logging
import Testing

@testable import Store

@Suite("A process that is killed")
struct AbruptEndTests {
    @Test("loses nothing of what was reported as stored, and leaves a sound database behind")
    func killed() async throws {
        let directory = try TemporaryDirectory()
        let path = directory.path
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
            let store = try Store(path: path + "/parley.db")
            let calendar = AppointmentCalendar(store: store, zone: .gmt, now: { AppointmentCalendarTests.friday })
            try await calendar.setUp(try AppointmentCalendarTests.setup())
            let booked = try await calendar.book(
                name: "Anna", phone: "", day: try #require(CalendarDay("2026-11-24")),
                time: try #require(CalendarTime("10:00")), idempotencyKey: "k")
            guard booked.value != nil else { return }
            try await AbruptEndTests.writeUntilKilled(store, reportsTo: path + "/reported")
        }

        let reported = try String(contentsOfFile: path + "/reported", encoding: .utf8).split(separator: "\n").count
        #expect(reported >= 300)
        let store = try Store(path: path + "/parley.db")
        #expect(try await store.read("check", "") { try String.fetchAll($0, sql: "PRAGMA integrity_check") } == ["ok"])
        #expect(
            try await store.read("check", "") { try SQLRow.fetchAll($0, sql: "PRAGMA foreign_key_check").count } == 0)
        let stored = Set(try await store.journal(ofCall: "a", limit: 10_000).map(\.sequence))
        #expect(stored.isSuperset(of: 0..<reported))
        let calendar = AppointmentCalendar(store: store, zone: .gmt, now: { AppointmentCalendarTests.friday })
        #expect(try await calendar.find(name: "Anna").count == 1)
        // The spill file is free again: its lock went with the process.
        let writer = try StoreWriter(store: store, logger: Logger(label: "test"))
        await writer.close()
    }

    /// Writes journal entries, notes each one that was reported as stored, and kills the process in the middle of it,
    /// with a writer's queue full of more.
    static func writeUntilKilled(_ store: Store, reportsTo path: String) async throws {
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let reports = FileHandle(forWritingAtPath: path)
        else { return }
        let writer = try StoreWriter(
            store: store, options: StoreWriterOptions(linger: .zero), logger: Logger(label: "test"))
        try await withThrowingTaskGroup { group in
            group.addTask { await writer.run() }
            group.addTask {
                for entry in 0... {
                    writer.enqueue(.journal(StoreWrite.entry(entry, of: "noise")))
                    try await store.apply([.journal(StoreWrite.entry(entry, of: "a"))])
                    try reports.write(contentsOf: Data("\(entry)\n".utf8))
                }
            }
            group.addTask {
                while try reports.offset() < 2000 { await Task.yield() }
                kill(getpid(), SIGKILL)
            }
            try await group.waitForAll()
        }
    }
}

extension StoreWrite {
    static func entry(_ sequence: Int, of call: String) -> JournalRecord {
        JournalRecord(callID: call, sequence: sequence, position: sequence, kind: "k", payload: Data("{}".utf8))
    }
}
