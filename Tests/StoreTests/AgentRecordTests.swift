import Foundation
import GRDB
import Testing

@testable import Store

@Suite("Reviews, acts, facts and documents", .onBothEngines)
struct AgentRecordTests {
    private static let noon = Date(timeIntervalSince1970: 1_795_694_400)

    private static func draft(_ key: String, expires seconds: Double = 3600) -> ReviewDraft {
        ReviewDraft(
            idempotencyKey: key, callID: "c1", agent: "sdr", agentVersion: "v", contact: "+15550100",
            tool: "sendgrid_send", arguments: #"{"to":"a@b.example"}"#, reason: "policy",
            expiresAt: noon.addingTimeInterval(seconds))
    }

    @Test("a review is filed once, decided once, and claimed once")
    func review() async throws {
        let directory = try TemporaryDirectory()
        let store = try directory.store()
        let first = try await store.file(Self.draft("k"), now: Self.noon)
        #expect(try await store.file(Self.draft("k"), now: Self.noon) == first)
        #expect(try await store.claimReview(lease: .seconds(60), now: Self.noon) == nil)
        let approved = try await store.decide(
            review: first.id, .approved, by: "eve", arguments: #"{"to":"c@d.example"}"#, now: Self.noon)
        #expect(approved.state == .approved && approved.decidedBy == "eve")
        await #expect(throws: StoreError.self) {
            _ = try await store.decide(review: first.id, .rejected, by: "mal", now: Self.noon)
        }
        let claimed = try await store.claimReview(lease: .seconds(60), now: Self.noon)
        #expect(claimed?.arguments == #"{"to":"c@d.example"}"# && claimed?.actKey == "review/\(first.id)")
        #expect(try await store.claimReview(lease: .seconds(60), now: Self.noon) == nil)
        // Whoever took it was not heard of for longer than the lease.
        let again = try await store.claimReview(lease: .seconds(60), now: Self.noon.addingTimeInterval(61))
        #expect(again?.id == first.id && again?.attempts == 2)
        try await store.finish(review: first.id, .done, result: "{}", now: Self.noon)
        #expect(try await store.review(id: first.id).state == .done)
        #expect(try await store.claimReview(lease: .seconds(60), now: Self.noon.addingTimeInterval(9999)) == nil)
    }

    @Test("a review that nobody decides expires, and is not done")
    func expiry() async throws {
        let directory = try TemporaryDirectory()
        let store = try directory.store()
        let review = try await store.file(Self.draft("k", expires: 10), now: Self.noon)
        let later = Self.noon.addingTimeInterval(11)
        do {
            _ = try await store.decide(review: review.id, .approved, by: "eve", now: later)
            Issue.record("it was approved")
        } catch {
            #expect(error.detail == "it is expired already")
        }
        #expect(try await store.reviews(in: .expired).map(\.id) == [review.id])
        #expect(try await store.claimReview(lease: .seconds(1), now: later) == nil)
    }

    @Test("an act is begun once; its result is remembered, and what was abandoned is fresh")
    func acts() async throws {
        let directory = try TemporaryDirectory()
        let store = try directory.store()
        #expect(try await store.beginAct(key: "k", tool: "t") == .fresh)
        #expect(try await store.beginAct(key: "k", tool: "t") == .unclear)
        try await store.finishAct(key: "k", result: "{}")
        #expect(try await store.beginAct(key: "k", tool: "t") == .done("{}"))
        try await store.abandonAct(key: "k")
        #expect(try await store.beginAct(key: "k", tool: "t") == .done("{}"))
        #expect(try await store.beginAct(key: "o", tool: "t") == .fresh)
        try await store.abandonAct(key: "o")
        #expect(try await store.beginAct(key: "o", tool: "t") == .fresh)
    }

    @Test("the newest fact of a name stands, and a contact has so many at most")
    func facts() async throws {
        let directory = try TemporaryDirectory()
        let store = try directory.store()
        func note(_ name: String, _ value: String) async throws {
            try await store.note(
                ContactFact(contact: "+1", name: name, value: value, source: "call c1", notedAt: Self.noon))
        }
        try await note("language", "German")
        try await note("language", "English")
        #expect(try await store.facts(of: "+1").map(\.value) == ["English"])
        #expect(try await store.facts(of: "+2") == [])
        for number in 1..<Store.factsPerContact { try await note("n\(number)", "x") }
        await #expect(throws: StoreError.self) { try await note("one_more", "x") }
        try await note("language", "French")
    }

    @Test("passages are found by their words, whatever their endings and whatever operators a question holds")
    func documents() async throws {
        let directory = try TemporaryDirectory()
        let store = try directory.store()
        func passage(_ heading: String, _ text: String) -> Passage {
            Passage(source: "", title: "", heading: heading, text: text)
        }
        try await store.add(
            document: "returns.md", title: "Returns", hash: "1",
            passages: [
                passage("Refunds", "Refunds are paid within ten days."), passage("Labels", "Print the return label."),
            ])
        try await store.add(
            document: "hours.md", title: "Hours", hash: "1", passages: [passage("", "Café Müller is open until six.")])
        let found = try await store.passages(about: "When do I get my refund paid?")
        #expect(found.first?.heading == "Refunds" && found.first?.source == "returns.md")
        #expect(try await store.passages(about: "cafe muller").first?.source == "hours.md")
        for text in [#"" OR 1=1 --"#, "NEAR(a b)", "label*", "heading:x", "", "the of", "AND"] {
            _ = try await store.passages(about: text)
        }
        #expect(try await store.hasDocument(path: "hours.md", hash: "1"))
        // A document that is added again is there once.
        try await store.add(document: "returns.md", title: "Returns", hash: "2", passages: [passage("", "Gone.")])
        #expect(try await store.passages(about: "refund") == [])
        #expect(try await store.keepDocuments(["returns.md"]) == 1)
        #expect(try await store.passages(about: "muller") == [])
    }

    @Test("documents are listed with their passages, which are found with how well they fit, and one is removed")
    func listing() async throws {
        let directory = try TemporaryDirectory()
        let store = try directory.store()
        func passage(_ heading: String, _ text: String) -> Passage {
            Passage(source: "", title: "", heading: heading, text: text)
        }
        #expect(try await store.documents() == [])
        try await store.add(
            document: "returns.md", title: "Returns", hash: "a1",
            passages: [passage("Labels", "Print the label."), passage("Refund", "A refund takes a week.")],
            now: Self.noon)
        try await store.add(
            document: "hours.md", title: "Hours", hash: "b2",
            passages: [passage("", "No refund is paid out after six, and nobody answers the telephone then.")],
            now: Self.noon)
        try await store.add(document: "empty.md", title: "Empty", hash: "c3", passages: [], now: Self.noon)
        let all = try await store.documents()
        #expect(all.map(\.path) == ["empty.md", "hours.md", "returns.md"])
        #expect(all.map(\.passages) == [0, 1, 2] && all.map(\.hash) == ["c3", "b2", "a1"])
        #expect(all.allSatisfy { $0.addedAt == Self.noon })
        #expect(try await store.document("returns.md") == all[2])
        #expect(try await store.document("nothing.md") == nil)
        #expect(try await store.passages(ofDocument: "returns.md").map(\.heading) == ["Labels", "Refund"])
        #expect(try await store.passages(ofDocument: "nothing.md") == [])

        let found = try await store.rankedPassages(about: "a refund")
        #expect(found.map(\.passage.source) == ["returns.md", "hours.md"])
        #expect(found[0].score > found[1].score)
        #expect(try await store.passages(about: "a refund") == found.map(\.passage))

        #expect(try await store.removeDocument("returns.md"))
        #expect(try await !store.removeDocument("returns.md"))
        #expect(try await store.documents().map(\.path) == ["empty.md", "hours.md"])
        #expect(try await store.passages(about: "label") == [])
    }

    @Test("rows are counted by their values, and nothing else can be asked")
    func counting() async throws {
        let directory = try TemporaryDirectory()
        let store = try directory.store()
        _ = try await store.file(Self.draft("k"), now: Self.noon)
        #expect(try await store.count(ofTable: "reviews", where: ["tool": "sendgrid_send", "attempts": "0"]) == 1)
        #expect(try await store.count(ofTable: "reviews", where: ["tool": "x' OR '1'='1"]) == 0)
        for (table, column) in [("reviws", "tool"), ("reviews\" --", "tool"), ("reviews", "tool\" = tool OR \"1")] {
            await #expect(throws: StoreError.self) {
                _ = try await store.count(ofTable: table, where: [column: "x"])
            }
        }
    }
}
