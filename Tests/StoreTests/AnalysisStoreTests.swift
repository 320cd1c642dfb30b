import Foundation
import Testing

@testable import Store

@Suite("What is written down of calls, in the store", .onBothEngines)
struct AnalysisStoreTests {
    private static let now = Date(timeIntervalSince1970: 1_790_000_100)

    let directory: TemporaryDirectory
    let store: Store

    init() throws {
        directory = try TemporaryDirectory()
        store = try directory.store()
    }

    private func call(_ id: String, ended: Bool = true) async throws {
        var call = CallRecord.sample(id)
        if ended { (call.endedAt, call.resolution) = (call.startedAt + 30, .contained) }
        try await store.apply([.call(call)])
    }

    private func write(_ id: String, _ disposition: String?, _ summary: String?) async throws {
        try await store.wantAnalysis(ofCall: id, now: Self.now)
        let claim = try #require(try await store.claimAnalysis(ofCall: id, lease: .seconds(60), now: Self.now))
        let outcome = AnalysisOutcome(state: .done, disposition: disposition, summary: summary, results: #"{"a":1}"#)
        #expect(try await store.note(outcome, for: claim, now: Self.now))
    }

    @Test("a call is wanted once when it has ended, and is one taker's until the lease is over")
    func leases() async throws {
        try await call("a")
        try await call("live", ended: false)
        #expect(try await store.wantAnalyses(ofAgents: ["receptionist"], now: Self.now) == 1)
        #expect(try await store.wantAnalyses(ofAgents: ["receptionist"], now: Self.now) == 0)
        // Scorecards are other work on the same call.
        #expect(try await store.hasAnalysisWork(now: Self.now))
        #expect(try await !store.hasScorecardWork(now: Self.now))
        let other = try directory.store()
        let first = try #require(try await store.claimAnalysis(lease: .seconds(60), now: Self.now))
        #expect(first.record.callID == "a" && first.record.state == .pending && first.record.results == nil)
        #expect(try await other.claimAnalysis(lease: .seconds(60), now: Self.now + 59) == nil)
        let second = try #require(try await other.claimAnalysis(lease: .seconds(60), now: Self.now + 61))
        #expect(try await !store.note(AnalysisOutcome(state: .done), for: first, now: Self.now + 62))
        let later = AnalysisOutcome(state: .partial, disposition: "done", notBefore: Self.now + 500)
        #expect(try await other.note(later, for: second, now: Self.now + 63))
        #expect(try await !store.hasAnalysisWork(now: Self.now + 499))
        let third = try #require(try await store.claimAnalysis(lease: .seconds(60), now: Self.now + 500))
        #expect(third.record.state == .partial && third.record.disposition == "done")
        let missing = await #expect(throws: StoreError.self) { try await store.wantAnalysis(ofCall: "none") }
        #expect(missing?.code == .notFound)
        let live = await #expect(throws: StoreError.self) { try await store.wantAnalysis(ofCall: "live") }
        #expect(live?.code == .rejected)
    }

    @Test("a call whose end alone is stored is still being stored, and not for ever")
    func settling() async throws {
        var call = CallRecord.sample("a")
        try await store.apply([RevisedWrite(revision: 1, write: .call(call))])
        #expect(try await !store.isSettling(call: "a", now: call.startedAt + 1))
        let end = call.startedAt + 30
        call.endedAt = end
        try await store.apply([RevisedWrite(revision: 2, write: .call(call))])
        #expect(try await store.isSettling(call: "a", now: end + 2))
        #expect(try await !store.isSettling(call: "a", now: end + 11))
        call.resolution = .contained
        try await store.apply([RevisedWrite(revision: 3, write: .call(call))])
        #expect(try await !store.isSettling(call: "a", now: end + 2))
        #expect(try await !store.isSettling(call: "none", now: end))
    }

    @Test("requests to a model are counted before they are sent, by call and by agent in a day")
    func budget() async throws {
        for id in ["a", "b"] {
            try await call(id)
            try await store.wantAnalysis(ofCall: id, now: Self.now)
        }
        let first = try #require(try await store.claimAnalysis(ofCall: "a", lease: .seconds(60), now: Self.now))
        let second = try #require(try await store.claimAnalysis(ofCall: "b", lease: .seconds(60), now: Self.now))
        func begin(_ claim: AnalysisClaim, _ seconds: Double) async throws -> Int? {
            try await store.beginAnalysis(
                claim, agent: "receptionist", dailyRequests: 2, lease: .seconds(60), now: Self.now + seconds)
        }
        #expect(try await begin(first, 0) == 1)
        #expect(try await begin(first, 1) == 2)
        #expect(try await begin(second, 2) == nil)
        #expect(try await begin(second, 86_500) == 1)
    }

    @Test("who is told of it has a row in the same transaction, and nobody is where it was not stored")
    func announced() async throws {
        try await call("a")
        try await store.wantAnalysis(ofCall: "a", now: Self.now)
        let claim = try #require(try await store.claimAnalysis(lease: .seconds(60), now: Self.now))
        let draft = WebhookDraft(
            id: "m", endpoint: "crm", event: "call.analyzed", stream: "a", subject: "a", happenedAt: Self.now)
        var late = claim
        late.fence -= 1
        #expect(try await !store.note(AnalysisOutcome(state: .done), for: late, announcing: [draft], now: Self.now))
        #expect(try await store.unwrittenWebhooks(limit: 5).isEmpty)
        #expect(try await store.note(AnalysisOutcome(state: .done), for: claim, announcing: [draft], now: Self.now))
        #expect(try await store.unwrittenWebhooks(limit: 5).map(\.id) == ["m"])
    }

    @Test("what is stored once more, for nobody heard that it was, is paid for and told once")
    func storedTwice() async throws {
        try await call("a")
        try await store.wantAnalysis(ofCall: "a", now: Self.now)
        let claim = try #require(try await store.claimAnalysis(lease: .seconds(60), now: Self.now))
        let cost = CallCost(
            currency: "EUR", items: [.init(provider: "mind", unit: "input_tokens", quantity: 5, amount: 1)])
        let draft = WebhookDraft(
            id: "m", endpoint: "crm", event: "call.analyzed", stream: "a", subject: "a", happenedAt: Self.now)
        let outcome = AnalysisOutcome(state: .done, cost: cost)
        for _ in 0..<2 { #expect(try await store.note(outcome, for: claim, announcing: [draft], now: Self.now)) }
        #expect(try await store.costs(ofCalls: ["a"])["a"] == cost)
        #expect(try await store.unwrittenWebhooks(limit: 5).map(\.id) == ["m"])
    }

    @Test("a call that waits for its model takes its turn anew then, behind those who have come meanwhile")
    func turns() async throws {
        for id in ["a", "b"] { try await call(id) }
        try await store.wantAnalysis(ofCall: "a", now: Self.now)
        let first = try #require(try await store.claimAnalysis(lease: .seconds(60), now: Self.now))
        let later = AnalysisOutcome(state: .partial, notBefore: Self.now + 20)
        #expect(try await store.note(later, for: first, now: Self.now))
        try await store.wantAnalysis(ofCall: "b", now: Self.now + 10)
        for id in ["b", "a"] {
            let claim = try #require(try await store.claimAnalysis(lease: .seconds(60), now: Self.now + 30))
            #expect(claim.record.callID == id)
        }
    }

    @Test("calls are found by their disposition and by words of their summary, whatever their case and accents")
    func search() async throws {
        for id in ["a", "b", "c", "d"] { try await call(id) }
        try await write("a", "booked", "Anna Smith booked an appointment at ten.")
        try await write("b", "lost", "José wanted the opening hours.")
        try await write("c", nil, nil)
        func found(_ change: (inout CallFilter) -> Void) async throws -> [String] {
            var filter = CallFilter()
            change(&filter)
            return try await store.calls(matching: filter).calls.map(\.id).sorted()
        }
        #expect(try await found { $0.disposition = "booked" } == ["a"])
        #expect(try await found { $0.disposition = "book" } == [])
        #expect(try await found { $0.summary = "APPOINT smith" } == ["a"])
        #expect(try await found { $0.summary = "jose" } == ["b"])
        // Words begin where words begin.
        #expect(try await found { $0.summary = "mith" } == [])
        #expect(try await found { $0.summary = "%" } == [])
        #expect(try await found { ($0.disposition, $0.summary, $0.scoreBelow) = ("lost", "hours", 50) } == [])
        #expect(try await store.analyses(ofCalls: ["a", "d"]).mapValues(\.disposition) == ["a": "booked"])
    }

    @Test("dispositions are counted, and each number leads to as many calls")
    func counted() async throws {
        for id in ["a", "b", "c", "d"] { try await call(id) }
        for (id, disposition) in [("a", "booked"), ("b", "lost"), ("c", nil), ("d", "booked")] as [(String, String?)] {
            try await write(id, disposition, nil)
        }
        let span = try #require(
            AnalyticsCalendar(since: Self.now - 86_400, before: Self.now + 86_400, bucket: .day, zone: .gmt))
        let counted = try await store.analytics(of: CallFilter(), over: span).dispositions
        #expect(counted.map(\.word) == ["booked", "lost"] && counted.map(\.calls) == [2, 1])
        for count in counted {
            var filter = CallFilter(since: span.since, before: span.before)
            (filter.isOwn, filter.disposition) = (true, count.word)
            #expect(try await store.calls(matching: filter).calls.count == count.calls, "\(count)")
        }
        var lost = CallFilter()
        lost.disposition = "lost"
        #expect(try await store.analytics(of: lost, over: span).dispositions.map(\.calls) == [1])
    }

    @Test("it goes with its call: when it is too old, and when the person is erased, who gets it with the rest before")
    func erased() async throws {
        try await call("a")
        try await write("a", "booked", "Anna booked.")
        let person = PersonNumber(e164: "+15550001")
        let audit = AuditDraft(actor: "terminal root", act: "person export", at: Self.now)
        let bundle = try await store.export(person: person, audit: audit, recordings: nil, at: Self.now)
        #expect(bundle.tables["call_analyses"]?.count == 1)
        #expect(bundle.tables["call_analyses"]?[0]["results"] == .text(#"{"a":1}"#))
        let erasure = try await store.erase(person: person, audit: audit, recordings: nil, at: Self.now)
        #expect(erasure.rows["call_analyses"] == 1)
        #expect(try await store.count(ofTable: "call_analyses", where: [:]) == 0)
        try await call("c")
        try await store.wantAnalysis(ofCall: "c", now: Self.now)
        let claim = try #require(try await store.claimAnalysis(lease: .seconds(9), now: Self.now))
        #expect(try await store.deleteCalls(before: Self.now).calls == 1)
        #expect(try await !store.note(AnalysisOutcome(state: .done), for: claim, now: Self.now))
        #expect(try await store.count(ofTable: "call_analyses", where: [:]) == 0)
    }
}
