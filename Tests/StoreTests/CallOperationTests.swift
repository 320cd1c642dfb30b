import Foundation
import GRDB
import Testing

@testable import Store

@Suite("Calls and what belongs to them", .onBothEngines)
struct CallOperationTests {
    let directory: TemporaryDirectory
    let store: Store

    init() throws {
        directory = try TemporaryDirectory()
        store = try directory.store()
    }

    @Test("a call comes back with everything that was stored of it")
    func story() async throws {
        var call = CallRecord.sample("a1")
        call.endedAt = call.startedAt.addingTimeInterval(12.5)
        call.outcome = "booked"
        call.endReason = "agentHungUp"
        call.duration = 100_000
        call.recordingPath = "/rec/a1.wav"
        call.counts = CallCounts(callerTurns: 1, agentTurns: 2, notUnderstood: 3, interruptions: 4, toolCalls: 5)
        call.cost = CallCost(
            currency: "EUR",
            items: [CallCost.Item(provider: "ears", unit: "audio_ms", quantity: 9, amount: Decimal(string: "0.3"))])
        let turns = [
            TurnRecord(
                callID: "a1", number: 0, speaker: .agent, started: 160, ended: 8000, text: "Hello.", heard: "Hel",
                interrupted: true),
            TurnRecord(
                callID: "a1", number: 1, speaker: .caller, started: 9000, ended: 20_000, text: "tuesday at ten",
                confidence: 0.93, intent: "book", entities: ["date": "2026-11-24", "time": "10:00"]),
            TurnRecord(
                callID: "a1", number: 1, speaker: .agent, started: 24_000, ended: nil, text: "Done.", heard: "Done.",
                latency: TurnLatency(
                    endOfTurnWait: 400_000, recognition: 5000, understanding: 300, synthesis: 12_000, own: 900,
                    total: 418_200)),
        ]
        let tool = ToolRecord(
            callID: "a1", turn: 1, invocationID: "t1", name: "book", arguments: "{\"time\":\"10:00\"}",
            outcome: "{\"ok\":true}", succeeded: true, started: 20_100, finished: 20_200)
        let recording = RecordingRecord(
            callID: "a1", path: "/rec/a1.wav", format: "wav", callerSamples: 100_000, agentSamples: 100_000,
            sha256: "ab")
        let incident = IncidentRecord(
            callID: "a1", happenedAt: call.startedAt, position: 50, kind: "silentLine", detail: "no reason for silence")
        try await store.apply(
            [.call(call), .tool(tool), .recording(recording), .incident(incident)] + turns.reversed().map { .turn($0) }
                + StoreWrite.journal(of: "a1", count: 3))

        let story = try await store.story(ofCall: "a1")
        #expect(
            story
                == CallStory(
                    call: call, turns: turns, tools: [tool], recordings: [recording], incidents: [incident],
                    journalCount: 3))
    }

    @Test("costs are found by the calls' ids; calls without any are left out")
    func costs() async throws {
        var call = CallRecord.sample("a")
        call.cost = CallCost(
            currency: "EUR", items: [CallCost.Item(provider: "ears", unit: "audio_ms", quantity: 9, amount: 2)])
        try await store.apply([.call(call), .call(.sample("b"))])
        #expect(try await store.costs(ofCalls: ["b", "a", "nobody"]) == ["a": try #require(call.cost)])
        #expect(try await store.costs(ofCalls: []).isEmpty)
    }

    @Test("an unknown call is not found")
    func unknown() async throws {
        let error = await #expect(throws: StoreError.self) { try await store.story(ofCall: "nobody") }
        #expect(error?.code == .notFound)
    }

    @Test("of two versions of a row the later one stays, in whatever order they come", arguments: [true, false])
    func revisions(inOrder: Bool) async throws {
        var late = CallRecord.sample("a")
        late.outcome = "booked"
        let first = RevisedWrite(revision: 1, write: .call(.sample("a")))
        let second = RevisedWrite(revision: 2, write: .call(late))
        for write in inOrder ? [first, second] : [second, first] { try await store.apply([write]) }
        #expect(try await store.story(ofCall: "a").call.outcome == "booked")
    }

    @Test("journal entries are added, read in order and in pieces, and never changed")
    func journal() async throws {
        try await store.apply([.call(.sample("a"))] + StoreWrite.journal(of: "a", count: 10).reversed())
        let changed = JournalRecord(callID: "a", sequence: 4, position: 0, kind: "forged", payload: Data())
        try await store.apply([.journal(changed)], firstRevision: 1000)
        let part = try await store.journal(ofCall: "a", from: 3, limit: 4)
        #expect(part.map(\.sequence) == [3, 4, 5, 6])
        #expect(part.allSatisfy { $0.kind == "voiceStarted" })
    }

    @Test("what arrives without its call gets a placeholder, which the call itself replaces")
    func placeholder() async throws {
        try await store.apply(StoreWrite.journal(of: "lost", count: 1))
        #expect(try await store.story(ofCall: "lost").call.endReason == "recordLost")
        try await store.apply([.call(.sample("lost"))])
        #expect(try await store.story(ofCall: "lost").call == .sample("lost"))
        #expect(try await store.story(ofCall: "lost").journalCount == 1)
    }

    @Test("a batch is stored whole or not at all")
    func atomic() async throws {
        try await store.apply([.call(.sample("a"))])
        try await store.write("break", "") { try $0.execute(sql: "DROP TABLE incidents") }
        let incident = IncidentRecord(happenedAt: .init(timeIntervalSince1970: 0), kind: "x", detail: "")
        await #expect(throws: StoreError.self) { try await store.apply([.call(.sample("b")), .incident(incident)]) }
        #expect(try await store.calls().calls.map(\.id) == ["a"])
    }

    @Test(
        "pages go from the newest to the oldest call without gap or double, equal moments included",
        arguments: [1, 3, 7, 100])
    func pages(limit: Int) async throws {
        let calls = (0..<20).map { CallRecord.sample("c\($0)", second: $0 / 3) }
        try await store.apply(calls.map { .call($0) })
        var seen: [CallRecord] = []
        var cursor: CallCursor?
        repeat {
            let page = try await store.calls(limit: limit, after: cursor)
            #expect(page.calls.count <= limit)
            seen += page.calls
            // What travels is the text.
            cursor = page.next.flatMap { CallCursor($0.description) }
        } while cursor != nil
        #expect(seen == calls.sorted { ($0.startedAt, $0.id) > ($1.startedAt, $1.id) })
    }

    @Test("a call that comes while somebody pages does not shift the pages")
    func pagesStandStill() async throws {
        try await store.apply((0..<4).map { .call(.sample("c\($0)", second: $0)) })
        let first = try await store.calls(limit: 2)
        try await store.apply([.call(.sample("new", second: 100))])
        let second = try await store.calls(limit: 2, after: first.next)
        #expect((first.calls + second.calls).map(\.id) == ["c3", "c2", "c1", "c0"])
        #expect(second.next == nil)
    }

    @Test("text that is no cursor is refused", arguments: ["", "12", "~a", "x~a", "12~", "1.5~a"])
    func cursors(text: String) { #expect(CallCursor(text) == nil) }

    @Test("a call is found by the beginning of its id")
    func prefixes() async throws {
        try await store.apply(["ab1", "ab2", "abc", "abcd", "b", "%", "ü1"].map { .call(.sample($0)) })
        #expect(try await store.callID(withPrefix: "ab1") == "ab1")
        #expect(try await store.callID(withPrefix: "abcd") == "abcd")
        #expect(try await store.callID(withPrefix: "abc") == "abc")
        #expect(try await store.callID(withPrefix: "%") == "%")
        #expect(try await store.callID(withPrefix: "ü") == "ü1")
        let ambiguous = await #expect(throws: StoreError.self) { try await store.callID(withPrefix: "a") }
        #expect(ambiguous?.code == .ambiguous)
        #expect(ambiguous?.detail.contains("ab1, ab2, abc, abcd") == true)
        let none = await #expect(throws: StoreError.self) { try await store.callID(withPrefix: "B") }
        #expect(none?.code == .notFound)
    }

    @Test("a call is found by the carrier's id")
    func carrierID() async throws {
        try await store.apply([.call(.sample("a")), .call(.sample("b"))])
        #expect(try await store.callID(carrier: "twilio", carrierCallID: "CAb") == "b")
        #expect(try await store.callID(carrier: "other", carrierCallID: "CAb") == nil)
    }

    @Test("incidents are listed newest first, with and without a call, once each")
    func incidents() async throws {
        let incidents = (0..<3).map {
            IncidentRecord(id: "i\($0)", happenedAt: Date(timeIntervalSince1970: Double($0)), kind: "k", detail: "d")
        }
        try await store.apply(incidents.map { .incident($0) })
        try await store.apply(incidents.map { .incident($0) })
        #expect(try await store.incidents(limit: 2).map(\.id) == ["i2", "i1"])
        #expect(try await store.incidents().count == 3)
    }

    @Test("two stores on one file see each other's calls")
    func twoStores() async throws {
        let other = try directory.store()
        try await store.apply([.call(.sample("a"))])
        try await other.apply([.call(.sample("b"))])
        #expect(try await store.calls().calls.map(\.id) == ["b", "a"])
    }
}
