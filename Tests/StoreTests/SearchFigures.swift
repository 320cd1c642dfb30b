import Foundation
import GRDB
import Testing

@testable import Store

/// What the index of words costs and saves; `PARLEY_SEARCH_TURNS=100000` makes the figures of docs/api.md.
@Suite("Figures of searching")
struct SearchFigures {
    @Test("turns are found by words as they were by looking through all of them; times and sizes are printed")
    func figures() async throws {
        let count = ProcessInfo.processInfo.environment["PARLEY_SEARCH_TURNS"].flatMap(Int.init) ?? 2_000
        let directory = try TemporaryDirectory()
        let store = try directory.store()
        var random = Dice(state: 7)
        let turns = (0..<count).map { index in
            TurnRecord(
                callID: "c\(index / 20)", number: index % 20 + 1, speaker: index.isMultiple(of: 2) ? .caller : .agent,
                started: index % 20 * 8000, ended: index % 20 * 8000 + 4000,
                text: (0..<12).map { _ in Self.word(random.zipf(12_000)) }.joined(separator: " "))
        }
        let calls = (0...(count / 20)).map { CallRecord.sample("c\($0)", second: $0) }
        let inserting = try await measure(count) {
            for start in stride(from: 0, to: count, by: 200) {
                let part = turns[start..<min(start + 200, count)]
                let opened = calls[(start / 20)...min((start + 199) / 20, calls.count - 1)]
                try await store.apply(opened.map(StoreWrite.call) + part.map(StoreWrite.turn))
            }
        }
        // The same without the index.
        try await store.write("look", "") { db in
            for name in ["added", "removed", "changed"] { try db.execute(sql: "DROP TRIGGER turn_words_\(name)") }
            try db.execute(sql: "DELETE FROM turns")
        }
        let without = try await measure(count) {
            for start in stride(from: 0, to: count, by: 200) {
                let part = turns[start..<min(start + 200, count)]
                let opened = calls[(start / 20)...min((start + 199) / 20, calls.count - 1)]
                try await store.apply(opened.map(StoreWrite.call) + part.map(StoreWrite.turn))
            }
        }
        try await store.write("look", "") { db in
            try db.execute(sql: "INSERT INTO turn_words (turn_words) VALUES ('rebuild')")
        }
        print("insert: \(inserting) µs a turn, without the index \(without) µs")
        let sizes = try await store.read("look", "") { db in
            try ["name IN ('turns', 'sqlite_autoindex_turns_1')", "name LIKE 'turn\\_words%' ESCAPE '\\'"].map {
                try Int.fetchOne(db, sql: "SELECT sum(pgsize) FROM dbstat WHERE \($0)") ?? 0
            }
        }
        print("size of \(count) turns: \(sizes[0]) bytes, of the index \(sizes[1])")
        for rank in [3, 300, 11_000] {
            let word = Self.word(rank)
            var found: [String] = []
            let indexed = try await measure(5) {
                for _ in 0..<5 {
                    found = try await store.calls(matching: CallFilter(text: word), limit: 1000).calls.map(\.id)
                }
            }
            var looked: [String] = []
            let scanned = try await measure(5) {
                for _ in 0..<5 {
                    looked = try await store.read("look", "") { db in
                        try String.fetchAll(
                            db,
                            sql: """
                                SELECT id FROM calls WHERE EXISTS (SELECT 1 FROM turns WHERE call_id = calls.id
                                AND instr(' ' || lower(text), lower(?))) ORDER BY started_at DESC, id DESC LIMIT 1000
                                """, arguments: [" " + word])
                    }
                }
            }
            print("\(word): \(found.count) calls, by the index \(indexed) µs, by looking through all \(scanned) µs")
            #expect(found == looked)
        }
    }

    private func measure(_ count: Int, _ body: () async throws -> Void) async throws -> Int {
        let clock = ContinuousClock()
        let time = try await clock.measure(body)
        return Int(time / .microseconds(count))
    }

    /// The word of this place among all, the most common one first.
    private static func word(_ rank: Int) -> String {
        var (rest, word) = (rank, "")
        repeat {
            word += ["ka", "re", "mi", "to", "su", "na", "lo", "pe"][rest % 8]
            rest /= 8
        } while rest > 0
        return word + "x"
    }
}

/// The same numbers each time.
private struct Dice {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state >> 33
    }

    /// Small ones far more often, as words are.
    mutating func zipf(_ count: Int) -> Int {
        let share = Double(next() % 1_000_000) / 1_000_000
        return Int(exp(share * log(Double(count)))) - 1
    }
}
