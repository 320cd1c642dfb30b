import Foundation
import GRDB
import Logging
import Testing

@testable import Store

@Suite("Writing behind the calls' back")
struct StoreWriterTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    /// No waiting where a test does not want it; probes come from the test.
    static let options = StoreWriterOptions(
        capacity: 100_000, batchSize: 100, linger: .zero, journalPause: .zero, retryDelays: [.zero, .zero],
        probeInterval: .seconds(3600),
        spillCapacity: 4 << 20)

    func writer(_ store: Store, _ options: StoreWriterOptions = Self.options) throws -> StoreWriter {
        try StoreWriter(store: store, options: options, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    /// Runs `body` beside the running writer, then closes it.
    func running(_ writer: StoreWriter, _ body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup { group in
            group.addTask { await writer.run() }
            try await body()
            await writer.close()
        }
    }

    func journalCount(_ store: Store, _ call: String = "a") async throws -> Int {
        try await store.story(ofCall: call).journalCount
    }

    @Test("what was handed over is stored after a flush, in batches")
    func stores() async throws {
        let store = try directory.store()
        let writer = try writer(store)
        for write in [.call(.sample("a"))] + StoreWrite.journal(of: "a", count: 999) { #expect(writer.enqueue(write)) }
        #expect(writer.metrics.queued == 1000)
        try await running(writer) { () async throws in
            await writer.flush()
            #expect(try await journalCount(store) == 999)
            let expected = StoreWriterMetrics(
                queued: 0, written: 1000, batches: 10, spilled: 0, replayed: 0, rejected: 0, dropped: 0, retried: 0,
                spillSize: 0, isFailing: false)
            #expect(writer.metrics == expected)
        }
    }

    @Test("a call that changed while it was on its way ends as it was last")
    func lastVersion() async throws {
        let store = try directory.store()
        let writer = try writer(store)
        try await running(writer) { () async throws in
            for duration in 1...500 {
                var call = CallRecord.sample("a")
                call.duration = duration
                writer.enqueue(.call(call))
            }
            await writer.flush()
            #expect(try await store.story(ofCall: "a").call.duration == 500)
        }
    }

    @Test("closing stores what waits, and takes nothing after")
    func closes() async throws {
        let store = try directory.store()
        let writer = try writer(store)
        try await running(writer) {
            for write in [.call(.sample("a"))] + StoreWrite.journal(of: "a", count: 50) { writer.enqueue(write) }
        }
        #expect(try await journalCount(store) == 50)
        #expect(!writer.enqueue(.call(.sample("b"))))
        #expect(writer.metrics.dropped == 1)
        await writer.flush()
        await writer.close()
    }

    @Test("closing a writer that never ran stores what waits all the same")
    func closesUnrun() async throws {
        let store = try directory.store()
        let writer = try writer(store)
        writer.enqueue(.call(.sample("a")))
        await writer.close()
        #expect(try await store.calls().calls.map(\.id) == ["a"])
    }

    @Test("cancelling the running task loses nothing")
    func cancelled() async throws {
        let store = try directory.store()
        let writer = try writer(store)
        await withTaskGroup { group in
            group.addTask { await writer.run() }
            for write in [.call(.sample("a"))] + StoreWrite.journal(of: "a", count: 2000) { writer.enqueue(write) }
            group.cancelAll()
        }
        #expect(writer.metrics.written == 2001)
        #expect(try await journalCount(store) == 2000)
        #expect(!writer.enqueue(.call(.sample("b"))))
    }

    @Test("from many threads at once everything arrives")
    func threads() async throws {
        let store = try directory.store()
        let writer = try writer(store)
        try await running(writer) { () async throws in
            await withTaskGroup { group in
                for call in 0..<8 {
                    group.addTask {
                        writer.enqueue(.call(.sample("\(call)")))
                        for write in StoreWrite.journal(of: "\(call)", count: 500) { writer.enqueue(write) }
                    }
                }
            }
            await writer.flush()
            for call in 0..<8 { #expect(try await journalCount(store, "\(call)") == 500) }
        }
    }

    @Test("a full disk: calls go on, records go to the spill file, and into the database once there is space")
    func diskFull() async throws {
        let store = try await directory.store(roomFor: 160_000)
        let writer = try writer(store)
        try await running(writer) {
            for write in [.call(.sample("a"))] + StoreWrite.journal(of: "a", count: 5000, noise: 60) {
                #expect(writer.enqueue(write))
            }
            await writer.flush()
            let full = writer.metrics
            #expect(full.isFailing)
            #expect(full.spilled > 1000)
            #expect(full.written + full.spilled == 5001)
            #expect(full.dropped == 0)

            // Nobody asks the failing database for each record.
            writer.enqueue(.call(.sample("b")))
            await writer.flush()
            #expect(writer.metrics.spilled == full.spilled + 1)

            // A probe that fails changes nothing.
            writer.probe()
            await writer.flush()
            #expect(writer.metrics.isFailing)
            #expect(writer.metrics.spillSize > 0)

            try await store.write("make space", "") { try $0.execute(sql: "PRAGMA max_page_count = 1000000") }
            writer.probe()
            await writer.flush()
            let freed = writer.metrics
            #expect(!freed.isFailing)
            #expect(freed.spillSize == 0)
            #expect(freed.replayed == freed.spilled)
            #expect(try await journalCount(store) == 5000)
            #expect(try await store.calls().calls.map(\.id) == ["b", "a"])
        }
    }

    @Test("what was spilled before a restart is in the database after it, and does not undo what is newer")
    func replayAtStart() async throws {
        var late = CallRecord.sample("a")
        late.outcome = "late"
        do {
            let store = try directory.store(StoreOptions(busyTimeout: .zero))
            let writer = try writer(store)
            let lock = try Lock(directory.file("parley.db"))
            try await running(writer) {
                for write in [.call(.sample("a"))] + StoreWrite.journal(of: "a", count: 300) { writer.enqueue(write) }
                await writer.flush()
                #expect(writer.metrics.spilled == 301)
            }
            try lock.release()
            try await store.apply([RevisedWrite(revision: .max, write: .call(late))])
            try store.close()
        }
        let store = try directory.store()
        let writer = try writer(store)
        #expect(writer.metrics.spillSize > 0)
        try await running(writer) { await writer.flush() }
        #expect(writer.metrics.replayed == 301)
        #expect(writer.metrics.spillSize == 0)
        #expect(try await journalCount(store) == 300)
        #expect(try await store.story(ofCall: "a").call.outcome == "late")
    }

    @Test("while the database fails nothing waits for company, and what waited is spilled with the rest")
    func lingering() async throws {
        let store = try directory.store(StoreOptions(busyTimeout: .zero))
        var options = Self.options
        options.journalPause = .seconds(600)
        let writer = try writer(store, options)
        let lock = try Lock(directory.file("parley.db"))
        try await running(writer) {
            for write in [.call(.sample("a"))] + StoreWrite.journal(of: "a", count: 30) { writer.enqueue(write) }
            await writer.flush()
            #expect(writer.metrics.spilled == 31)
            #expect(writer.metrics.queued == 0)
            try lock.release()
            writer.probe()
            await writer.flush()
            #expect(writer.metrics.replayed == 31)
            #expect(try await journalCount(store) == 30)
        }
    }

    @Test("a locked database is tried again before anything is spilled")
    func retries() async throws {
        let store = try directory.store(StoreOptions(busyTimeout: .zero))
        let writer = try writer(store)
        let lock = try Lock(directory.file("parley.db"))
        try await running(writer) {
            writer.enqueue(.call(.sample("a")))
            await writer.flush()
            #expect(writer.metrics.retried == 2)
            #expect(writer.metrics.spilled == 1)
            try lock.release()
            writer.probe()
            await writer.flush()
            #expect(writer.metrics.replayed == 1)
        }
        #expect(try await store.calls().calls.map(\.id) == ["a"])
    }

    @Test("more than the database can take goes to the spill file while the writer is held up, and nothing is lost")
    func overload() async throws {
        let store = try directory.store(StoreOptions(busyTimeout: .seconds(60)))
        var options = Self.options
        options.capacity = 100
        let writer = try writer(store, options)
        let lock = try Lock(directory.file("parley.db"))
        try await running(writer) {
            for write in [.call(.sample("a"))] + StoreWrite.journal(of: "a", count: 2000) {
                while writer.metrics.queued >= 100 { await Task.yield() }
                #expect(writer.enqueue(write))
            }
            while writer.metrics.spilled < 1000 { await Task.yield() }
            #expect(writer.metrics.written == 0)
            try lock.release()
            await writer.flush()
            writer.probe()
            await writer.flush()
        }
        #expect(writer.metrics.dropped == 0)
        #expect(try await journalCount(store) == 2000)
        #expect(try await store.story(ofCall: "a").call == .sample("a"))
    }

    @Test("what neither the queue nor the spill file can hold is dropped and counted")
    func dropped() async throws {
        var options = Self.options
        options.spillCapacity = 4096
        options.capacity = 1000
        let store = try directory.store(StoreOptions(busyTimeout: .zero))
        let writer = try writer(store, options)
        let lock = try Lock(directory.file("parley.db"))
        let accepted = StoreWrite.journal(of: "a", count: 1200).count { writer.enqueue($0) }
        #expect(accepted == 1000)
        #expect(writer.metrics.dropped == 200)
        await writer.close()
        let metrics = writer.metrics
        #expect(metrics.spilled > 10)
        #expect(metrics.spilled + metrics.dropped == 1200)
        try lock.release()
    }

    @Test("one record that the schema refuses costs itself only")
    func poison() async throws {
        let store = try directory.store()
        try await store.write("forbid", "") {
            try $0.execute(
                sql: """
                    CREATE TRIGGER no_thirteen BEFORE INSERT ON journal
                    WHEN new.sequence <= 13 AND new.sequence + new.entries > 13
                    BEGIN SELECT RAISE(ABORT, 'unlucky'); END
                    """)
        }
        let writer = try writer(store)
        for write in [.call(.sample("a"))] + StoreWrite.journal(of: "a", count: 50) { writer.enqueue(write) }
        await writer.close()
        #expect(writer.metrics.rejected == 1)
        #expect(writer.metrics.written == 50)
        #expect(!writer.metrics.isFailing)
        #expect(try await journalCount(store) == 49)
    }

    @Test("two writers on one database are a mistake that is named")
    func twoWriters() throws {
        let store = try directory.store()
        let first = try writer(store)
        let error = #expect(throws: StoreError.self) { try writer(store) }
        #expect(error?.code == .locked)
        withExtendedLifetime(first) {}
    }
}

/// Another process's write lock, as seen from here: a second connection in an open transaction.
private final class Lock: Sendable {
    private let queue: DatabaseQueue

    init(_ path: String) throws {
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.inDatabase { try $0.execute(sql: "BEGIN IMMEDIATE") }
    }

    func release() throws {
        try queue.inDatabase { try $0.execute(sql: "ROLLBACK") }
    }
}
