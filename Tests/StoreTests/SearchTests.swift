import Foundation
import GRDB
import Testing

@testable import Store

@Suite("Searching what was said", .onBothEngines)
struct SearchTests {
    let directory: TemporaryDirectory
    let store: Store

    init() throws {
        directory = try TemporaryDirectory()
        store = try directory.store()
    }

    private func turn(
        _ call: String, _ number: Int, _ text: String, speaker: TurnRecord.Speaker = .caller
    ) -> StoreWrite {
        .turn(TurnRecord(callID: call, number: number, speaker: speaker, started: number * 8000, text: text))
    }

    private func hits(_ text: String) async throws -> [String] {
        try await store.calls(matching: CallFilter(text: text)).hits.map { hit in
            let words = hit.snippet.map { $0.isHit ? "[\($0.text)]" : $0.text }.joined()
            return "\(hit.callID) \(hit.turn) \(hit.speaker): \(words)"
        }
    }

    @Test("finds the turns that have all the words, and marks them in their midst")
    func finds() async throws {
        let long = (1...40).map { "w\($0)" }.joined(separator: " ")
        try await store.apply([
            .call(.sample("a", second: 1)), .call(.sample("b", second: 2)),
            turn("a", 1, "My invoice is <b>wrong</b> & late"), turn("a", 2, "Which invoice is it?", speaker: .agent),
            turn("a", 3, "the other one"), turn("b", 1, long),
        ])
        #expect(
            try await hits("INVOICE is") == [
                "a 1 caller: My [invoice] [is] <b>wrong</b> & late", "a 2 agent: Which [invoice] [is] it?",
            ])
        #expect(try await hits("wrong invoice").count == 1)
        #expect(try await hits("invoice other").isEmpty)
        let snippet = try #require(try await hits("w20").first)
        #expect(snippet.contains("[w20]") && snippet.contains("…") && snippet.count < 80, "\(snippet)")
        #expect(try await store.calls().hits.isEmpty)
    }

    @Test("shows three turns of a call, the first ones, and those of the page alone")
    func few() async throws {
        for call in 1...3 {
            try await store.apply(
                [.call(.sample("c\(call)", second: call))] + (1...9).map { turn("c\(call)", $0, "hello again") })
        }
        let page = try await store.calls(matching: CallFilter(text: "hello"), limit: 2)
        #expect(page.hits.map { "\($0.callID).\($0.turn)" } == ["c2.1", "c2.2", "c2.3", "c3.1", "c3.2", "c3.3"])
    }

    @Test("a turn that is told anew is found by its new words alone, and by nothing twice")
    func revised() async throws {
        try await store.apply([.call(.sample("a")), turn("a", 1, "first words"), turn("a", 1, "other words")])
        #expect(try await hits("first").isEmpty)
        #expect(try await hits("words") == ["a 1 caller: other [words]"])
        try await store.apply([turn("a", 1, "words that came late")], firstRevision: 1)
        #expect(try await hits("late").isEmpty)
        try await expectSoundIndex()
    }

    @Test(
        "what the index would read as its own language is words, and never an error",
        arguments: [
            "\"", "\"\"", "*", "a*", "^a", "(", ")", "a AND", "NOT", "OR OR", "NEAR(a b, 2)", "text:", "-a", "a-b",
            "{text}:a", "a + b", "'; DROP TABLE turns; --", "\u{0}", "a\u{0}b", "💥", "1️⃣", "é", "日本語", "\u{301}", ":",
            "\\", "a\"\u{FF9E}", "a\"\u{FF9E} NOT b\"\u{FF9E}", "\u{0D4E}\"x", "e\u{301}t\u{301}",
            String(repeating: "a ", count: 5000), String(repeating: "\"(", count: 5000),
            String(repeating: "x", count: 100_000),
        ])
    func hostile(text: String) async throws {
        try await store.apply([.call(.sample("call")), turn("call", 1, "a and b or not near text é 日本語 1")])
        _ = try await store.calls(matching: CallFilter(text: text))
        #expect(try await hits("near text").count == 1)
    }

    @Test("no text of 2,000 made by chance is an error")
    func chance() async throws {
        try await store.apply([.call(.sample("call")), turn("call", 1, "a b c")])
        var random = SystemRandomNumberGenerator()
        let alphabet: [Character] =
            Array("ab \"'*^()-+:{}.,%_\\/\u{0}\u{1}\u{301}é💥\u{200D}\n") + ["\u{FF9E}", "\u{0D4E}"]
        for _ in 0..<2000 {
            let text = String((0..<Int.random(in: 0...20, using: &random)).map { _ in alphabet.randomElement()! })
            await #expect(throws: Never.self, "\(text.debugDescription)") {
                try await store.calls(matching: CallFilter(text: text))
            }
        }
    }

    @Test(
        "when calls are deleted, their words are in no file of the database any more, and the others' still are",
        .tags(.ofFiles))
    func forgets() async throws {
        // Enough that the index has several pieces, of which the word's is an old one.
        for call in 0..<60 {
            let words = (0..<30).map { number in turn("c\(call)", number, "common words \(call) of number \(number)") }
            try await store.apply([.call(ended("c\(call)", second: call))] + words)
        }
        try await store.apply([turn("c5", 40, "xylophonist"), turn("c50", 40, "harpsichord")])
        #expect(try await hits("xylophonist").count == 1)
        #expect(try bytes(contain: "ophonist"))
        _ = try await store.deleteCalls(before: CallRecord.sample("", second: 30).startedAt)
        #expect(try await hits("xylophonist").isEmpty)
        #expect(try await hits("harpsichord").count == 1)
        // The index cuts off what two words begin with in common.
        #expect(try !bytes(contain: "ophonist"))
        #expect(try bytes(contain: "rpsichord"))
        try await expectSoundIndex()
    }

    private func ended(_ id: String, second: Int) -> CallRecord {
        var call = CallRecord.sample(id, second: second)
        call.endedAt = call.startedAt
        return call
    }

    private func bytes(contain word: String) throws -> Bool {
        try ["", "-wal"].contains { suffix in
            let path = directory.file("parley.db" + suffix)
            guard FileManager.default.fileExists(atPath: path) else { return false }
            return try Data(contentsOf: URL(fileURLWithPath: path)).range(of: Data(word.utf8)) != nil
        }
    }

    /// The index says of each turn exactly what it says.
    private func expectSoundIndex() async throws {
        // PostgreSQL keeps its index by itself.
        guard Engine.current == .sqlite else { return }
        await #expect(throws: Never.self) {
            try await store.write("look", "") { db in
                try db.execute(sql: "INSERT INTO turn_words (turn_words, rank) VALUES ('integrity-check', 1)")
            }
        }
    }
}
