import Foundation
import GRDB
import Logging
import Testing

@testable import Store

@Suite("Journals in the store", .onBothEngines)
struct JournalRowTests {
    let directory: TemporaryDirectory
    let store: Store

    init() throws {
        directory = try TemporaryDirectory()
        store = try directory.store()
    }

    private func rows() async throws -> Int { try await store.count(ofTable: "journal", where: [:]) }

    @Test("entries that come in other portions after a failure are there once, in their order")
    func portions() async throws {
        let all = StoreWrite.journal(of: "a", count: 300)
        try await store.apply([.call(.sample("a"))] + all[10..<12])
        try await store.apply(Array(all[11..<14]))
        // Begins where another row does and holds more, then less.
        try await store.apply(Array(all[10..<40]))
        try await store.apply(Array(all[10..<15]))
        #expect(try await rows() == 2)
        try await store.apply(Array(all[0..<11]))
        for start in stride(from: 290, through: 35, by: -15) { try await store.apply(Array(all[start..<start + 10])) }
        for start in stride(from: 30, to: 300, by: 7) { try await store.apply(Array(all[start..<min(start + 7, 300)])) }
        let read = try await store.journal(ofCall: "a")
        #expect(read.map(\.sequence) == Array(0..<300))
        #expect(read.map { StoreWrite.journal($0) } == all)
        for first in [0, 1, 9, 10, 39, 41, 63, 64, 65, 200, 299, 300] {
            for limit in [1, 5, 64, 1000] {
                let part = try await store.journal(ofCall: "a", from: first, limit: limit)
                #expect(part.map(\.sequence) == Array((first..<300).prefix(limit)))
            }
        }
    }

    @Test("more rows than are read at once come whole, and in pieces")
    func long() async throws {
        let all = StoreWrite.journal(of: "a", count: 600)
        try await store.apply([.call(.sample("a"))])
        for write in all { try await store.apply([write]) }
        #expect(try await rows() == 600)
        #expect(try await store.journal(ofCall: "a").map { StoreWrite.journal($0) } == all)
        #expect(try await store.story(ofCall: "a").journalCount == 600)
        #expect(try await store.journal(ofCall: "a", from: 250, limit: 300).map(\.sequence) == Array(250..<550))
    }

    @Test("rows of before, with one entry each, are read beside the new ones")
    func older() async throws {
        try await store.apply([.call(.sample("a"))])
        try await store.write("fill", "") { db in
            for number in 0..<5 {
                try db.execute(
                    sql: """
                        INSERT INTO journal (call_id, sequence, position, kind, payload, decisions)
                        VALUES ('a', ?, ?, 'voiceStarted', ?, ?)
                        """,
                    arguments: [number, number * 160, Data("{\"p\":0.9}".utf8), String?.none])
            }
        }
        let all = StoreWrite.journal(of: "a", count: 30)
        // The first of them is there; the others of its row are not.
        try await store.apply(Array(all[4..<30]))
        #expect(try await store.journal(ofCall: "a").map { StoreWrite.journal($0) } == all)
        #expect(try await store.story(ofCall: "a").journalCount == 30)
    }

    @Test("a row that is damaged is told with its place")
    func damaged() async throws {
        try await store.apply([.call(.sample("a"))] + StoreWrite.journal(of: "a", count: 20))
        try await store.write("damage", "") { db in
            try db.execute(sql: "UPDATE journal SET payload = ?", arguments: [Data([1, 200, 9, 9])])
        }
        let error = await #expect(throws: StoreError.self) { try await store.journal(ofCall: "a") }
        #expect(error?.code == .damaged)
        #expect(error?.description.contains("a, entry 0") == true)
    }

    @Test("the writer lets a call's entries wait for each other, and stores them without being asked")
    func writer() async throws {
        var options = StoreWriterTests.options
        options.journalPause = .milliseconds(200)
        options.spillPath = directory.file("spill")
        let writer = try StoreWriter(store: store, options: options, logger: Logger(label: "test"))
        try await withThrowingTaskGroup(of: Void.self) { (group) async throws in
            group.addTask { await writer.run() }
            writer.enqueue(.call(.sample("a")))
            for write in StoreWrite.journal(of: "a", count: 30) {
                writer.enqueue(write)
                try await Task.sleep(for: .milliseconds(1))
            }
            while writer.metrics.written < 31 { try await Task.sleep(for: .milliseconds(5)) }
            let (entries, rows) = (try await store.journal(ofCall: "a").count, try await rows())
            #expect(writer.metrics.queued == 0 && entries == 30)
            // A busy machine may need several pauses for them.
            #expect(rows < 30)
            await writer.close()
        }
    }
}
