import Foundation
import Testing

@testable import Store

@Suite("Scorecards in the store", .onBothEngines)
struct ScorecardStoreTests {
    private static let now = Date(timeIntervalSince1970: 1_790_000_100)
    private static let moment = Date(timeIntervalSince1970: 1_790_000_000)

    let directory: TemporaryDirectory
    let store: Store

    init() throws {
        directory = try TemporaryDirectory()
        store = try directory.store()
    }

    /// A call that has ended.
    private func call(
        _ id: String, second: Int = 0, agent: String = "receptionist", version: String = "1",
        resolution: CallResolution? = .contained, ended: Bool = true, cost: CallCost? = nil
    ) async throws {
        var call = CallRecord.sample(id, second: second)
        (call.agent, call.agentVersion, call.cost) = (agent, version, cost)
        if ended { (call.endedAt, call.resolution) = (call.startedAt + 30, resolution) }
        try await store.apply([.call(call)])
    }

    private static func outcome(
        _ score: Int?, _ findings: [(String, String)] = [], state: ScorecardRecord.State = .done, card: String = "q",
        cost: CallCost? = nil
    ) -> ScorecardOutcome {
        ScorecardOutcome(
            state: state, card: card, cardVersion: "h", score: score, results: #"{"a":1}"#,
            findings: findings.map { .init(criterion: $0.0, standing: $0.1, weight: 2) }, cost: cost)
    }

    private func score(_ id: String, _ outcome: ScorecardOutcome) async throws {
        try await store.wantScore(ofCall: id, now: Self.now)
        let claim = try #require(
            try await store.claimScorecard(ofCall: id, lease: .seconds(60), now: Self.now))
        #expect(try await store.note(outcome, for: claim, now: Self.now))
    }

    @Test("calls are wanted once, when they have ended, of agents that have a card and not of their parts")
    func wanted() async throws {
        try await call("done")
        try await call("leg", resolution: nil)
        try await call("live", ended: false)
        // Its node died, and this is the rest of it.
        var rest = CallRecord.sample("rest", second: 0)
        (rest.agent, rest.resumes) = ("receptionist", "before")
        (rest.endedAt, rest.resolution) = (rest.startedAt + 30, .contained)
        try await store.apply([.call(rest)])
        try await call("other", agent: "support")
        try await call("old", second: -90_000)
        try await call("fresh", second: 69)
        func want() async throws -> Int {
            try await store.wantScores(ofAgents: ["receptionist", "sdr"], now: Self.now)
        }
        #expect(try await want() == 1)
        #expect(try await want() == 0)
        #expect(try await store.wantScores(ofAgents: [], now: Self.now) == 0)
        let claim = try #require(try await store.claimScorecard(lease: .seconds(60), now: Self.now))
        #expect(claim.record.callID == "done" && claim.record.state == .pending && claim.record.score == nil)
        #expect(try await store.wantScores(ofAgents: ["receptionist"], now: Self.now + 10) == 1)
        #expect(try await store.scorecard(ofCall: "fresh")?.state == .pending)
        #expect(try await store.scorecard(ofCall: "leg") == nil)
    }

    @Test(
        "a call is one taker's until the lease is over; who comes late stores nothing, and neither does who was overtaken"
    )
    func leases() async throws {
        try await call("a")
        try await store.wantScore(ofCall: "a", now: Self.now)
        let other = try directory.store()
        func claim(_ store: Store, _ seconds: Double) async throws -> ScorecardClaim? {
            try await store.claimScorecard(lease: .seconds(60), now: Self.now + seconds)
        }
        let first = try #require(try await claim(store, 0))
        #expect(try await claim(other, 59) == nil)
        let second = try #require(try await claim(other, 61))
        #expect(try await !store.note(Self.outcome(1), for: first, now: Self.now + 62))
        var waits = Self.outcome(40, [("x", "pass")], state: .partial)
        waits.notBefore = Self.now + 500
        #expect(try await other.note(waits, for: second, now: Self.now + 63))
        #expect(try await claim(store, 499) == nil)
        let third = try #require(try await claim(store, 500))
        #expect(third.record.score == 40 && third.record.state == .partial)
        // Somebody wants it anew meanwhile.
        #expect(try await store.wantScore(ofCall: "a", now: Self.now + 501).state == .pending)
        #expect(try await !store.note(Self.outcome(99), for: third, now: Self.now + 502))
        let fourth = try #require(try await claim(other, 503))
        #expect(try await other.note(Self.outcome(80), for: fourth, now: Self.now + 504))
        #expect(try await claim(store, 9999) == nil)
        #expect(try await store.scorecard(ofCall: "a")?.score == 80)
        let missing = await #expect(throws: StoreError.self) { try await store.wantScore(ofCall: "none") }
        #expect(missing?.code == .notFound)
        try await call("live", ended: false)
        let live = await #expect(throws: StoreError.self) { try await store.wantScore(ofCall: "live") }
        #expect(live?.code == .rejected)
    }

    @Test("requests to a judge are counted before they are sent: by call for the attempts, by card for the day")
    func budget() async throws {
        for id in ["a", "b", "c"] {
            try await call(id)
            try await store.wantScore(ofCall: id, now: Self.now)
        }
        func begin(_ id: String, _ seconds: Double, most: Int = 3, card: String = "q") async throws -> Int? {
            let now = Self.now + seconds
            let claim = try #require(try await store.claimScorecard(ofCall: id, lease: .seconds(1), now: now))
            return try await store.beginJudging(
                claim, card: card, dailyRequests: most, lease: .seconds(9), now: now)
        }
        #expect(try await begin("a", 0) == 1)
        // The longer lease holds.
        #expect(try await store.claimScorecard(ofCall: "a", lease: .seconds(1), now: Self.now + 8) == nil)
        #expect(try await begin("a", 10) == 2)
        #expect(try await begin("b", 10) == 1)
        #expect(try await begin("c", 10) == nil)
        #expect(try await begin("c", 12, card: "another") == 1)
        #expect(try await begin("c", 86_500 + 12) == 2)
        try await store.wantScore(ofCall: "a", now: Self.now + 90_000)
        #expect(try await begin("a", 90_000) == 1)
        // One that was given up is no attempt. Requests of the day before are none of this day's three.
        let claim = try #require(
            try await store.claimScorecard(ofCall: "a", lease: .seconds(1), now: Self.now + 90_010))
        var givenUp = Self.outcome(nil, state: .partial)
        givenUp.isGivenUp = true
        #expect(try await store.note(givenUp, for: claim, now: Self.now + 90_010))
        #expect(try await begin("a", 90_011) == 1)
    }

    @Test("lists find calls by points and criteria, and the numbers are those of the lists")
    func numbers() async throws {
        let scores: [(String, String, Int?, [(String, String)])] = [
            ("a", "1", 100, [("greets", "pass"), ("kind", "pass")]),
            ("b", "1", 50, [("greets", "fail"), ("kind", "unproven")]),
            ("c", "1", nil, [("greets", "not_applicable"), ("kind", "pending")]),
            ("d", "2", 33, [("greets", "fail"), ("kind", "pass")]),
        ]
        for (index, (id, version, points, findings)) in scores.enumerated() {
            try await call(id, second: index, version: version)
            try await score(id, Self.outcome(points, findings))
        }
        try await call("unscored")
        func found(_ change: (inout CallFilter) -> Void) async throws -> [String] {
            var filter = CallFilter()
            change(&filter)
            return try await store.calls(matching: filter).calls.map(\.id).sorted()
        }
        #expect(try await found { $0.scoreBelow = 100 } == ["b", "d"])
        #expect(try await found { $0.scoreAtLeast = 50 } == ["a", "b"])
        #expect(try await found { ($0.scoreAtLeast, $0.scoreBelow) = (33, 51) } == ["b", "d"])
        #expect(try await found { $0.card = "q" } == ["a", "b", "c", "d"])
        #expect(try await found { $0.card = "z" } == [])
        #expect(try await found { ($0.criterion, $0.standing) = ("greets", "fail") } == ["b", "d"])
        #expect(try await found { $0.standing = "unproven" } == ["b"])
        #expect(try await found { ($0.criterion, $0.version) = ("kind", "2") } == ["d"])
        let calendar = try #require(
            AnalyticsCalendar(since: Self.moment - 60, before: Self.now, bucket: .day, zone: .gmt))
        let cards = try await store.analytics(of: CallFilter(), over: calendar).scorecards
        #expect(
            cards.map { "\($0.agent) \($0.version) \($0.card) \($0.calls)" } == [
                "receptionist 1 q 2", "receptionist 2 q 1",
            ])
        #expect(cards.map(\.mean) == [75, 33])
        let greets = try #require(cards[0].criteria.first { $0.name == "greets" })
        #expect(greets.pass == 1 && greets.fail == 1 && greets.notApplicable == 1 && greets.open == 0)
        #expect(greets.rate == 0.5 && cards[0].criteria.map(\.name) == ["greets", "kind"])
        #expect(cards[0].criteria[1].open == 2 && cards[1].criteria[0].rate == 0)
        for card in cards {
            for criterion in card.criteria {
                let (judged, open) = (criterion.pass + criterion.fail, criterion.open)
                for (isJudged, number) in [(true, judged), (false, open)] {
                    let calls = try await found {
                        ($0.version, $0.card, $0.criterion, $0.isJudged) = (
                            card.version, card.card, criterion.name, isJudged
                        )
                    }
                    #expect(calls.count == number, "\(criterion)")
                }
            }
        }
        #expect(try await found { ($0.criterion, $0.isJudged) = ("kind", false) } == ["b", "c"])
        #expect(try await found { ($0.criterion, $0.isJudged) = ("greets", true) } == ["a", "b", "d"])
        #expect(try await found { $0.isJudged = false } == ["b", "c"])
        var low = CallFilter()
        low.scoreBelow = 60
        #expect(try await store.analytics(of: low, over: calendar).scorecards.map(\.calls) == [1, 1])
    }

    @Test("what a judge used is added to the call's cost")
    func costs() async throws {
        func item(_ provider: String, _ quantity: Int, _ amount: String?) -> CallCost.Item {
            .init(
                provider: provider, unit: "input_tokens", quantity: quantity,
                amount: amount.flatMap { Decimal(string: $0) })
        }
        try await call("a", cost: CallCost(currency: "EUR", items: [item("mind", 10, "0.1"), item("x", 1, nil)]))
        try await call("b")
        let cost = CallCost(currency: "EUR", items: [item("mind", 5, "0.2"), item("judge", 7, "0.3")])
        for id in ["a", "b"] { try await score(id, Self.outcome(9, cost: cost)) }
        let costs = try await store.costs(ofCalls: ["a", "b"])
        #expect(
            costs["a"]
                == CallCost(
                    currency: "EUR", items: [item("mind", 15, "0.3"), item("x", 1, nil), item("judge", 7, "0.3")]))
        #expect(costs["a"]?.total == Decimal(string: "0.6") && costs["b"] == cost)
        // Whoever was overtaken stores no verdict, but the judge was paid.
        try await store.wantScore(ofCall: "b", now: Self.now)
        let late = try #require(try await store.claimScorecard(ofCall: "b", lease: .seconds(60), now: Self.now))
        try await store.wantScore(ofCall: "b", now: Self.now)
        #expect(try await !store.note(Self.outcome(1, cost: cost), for: late, now: Self.now))
        #expect(try await store.costs(ofCalls: ["b"])["b"] == cost.adding(cost))
        #expect(try await store.scorecard(ofCall: "b")?.score == 9)
        let dollars = CallCost(currency: "USD", items: [item("mind", 1, "9")])
        #expect(cost.adding(dollars).total == cost.total && cost.adding(dollars).items[0].quantity == 6)
    }

    @Test("a call whose judge is asked later does not keep calls from their rules that came since")
    func order() async throws {
        for id in ["a", "b"] { try await call(id) }
        try await store.wantScore(ofCall: "a", now: Self.now)
        let first = try #require(try await store.claimScorecard(lease: .seconds(60), now: Self.now))
        var later = Self.outcome(40, state: .partial)
        later.notBefore = Self.now + 20
        try await store.note(later, for: first, now: Self.now)
        try await store.wantScore(ofCall: "b", now: Self.now + 10)
        for id in ["b", "a"] {
            let claim = try #require(try await store.claimScorecard(lease: .seconds(60), now: Self.now + 30))
            #expect(claim.record.callID == id)
        }
    }

    @Test("what is stored once more, for nobody heard that it was, is paid for once")
    func storedTwice() async throws {
        try await call("a")
        try await store.wantScore(ofCall: "a", now: Self.now)
        let claim = try #require(
            try await store.claimScorecard(ofCall: "a", lease: .seconds(60), now: Self.now))
        let cost = CallCost(
            currency: "EUR", items: [.init(provider: "judge", unit: "input_tokens", quantity: 5, amount: 1)])
        for _ in 0..<2 { #expect(try await store.note(Self.outcome(9, cost: cost), for: claim, now: Self.now)) }
        #expect(try await store.costs(ofCalls: ["a"])["a"] == cost)
    }

    @Test("what a judge used stays in a call's cost when the call's last row is written again, after a crash")
    func replayedCost() async throws {
        func cost(_ provider: String) -> CallCost {
            CallCost(
                currency: "EUR", items: [.init(provider: provider, unit: "input_tokens", quantity: 5, amount: 1)])
        }
        for (id, own) in [("a", cost("mind")), ("b", nil)] as [(String, CallCost?)] {
            try await call(id, cost: own)
            try await score(id, Self.outcome(9, cost: cost("judge")))
            let both = own?.adding(cost("judge")) ?? cost("judge")
            // Once more what was written, and once a newer row that knows nothing of any cost.
            for revision in [1, 2] {
                var again = CallRecord.sample(id)
                (again.endedAt, again.resolution) = (again.startedAt + 30, .contained)
                again.cost = revision == 1 ? own : nil
                try await store.apply([.call(again)], firstRevision: revision)
                #expect(try await store.costs(ofCalls: [id])[id] == both, "\(id) \(revision)")
            }
        }
    }

    @Test("it goes with its call: when it is too old, and when the person is erased, who gets it with the rest before")
    func erased() async throws {
        try await call("a")
        try await score("a", Self.outcome(50, [("greets", "fail")]))
        let person = PersonNumber(e164: "+15550001")
        let audit = AuditDraft(actor: "terminal root", act: "person export", at: Self.now)
        let bundle = try await store.export(person: person, audit: audit, recordings: nil, at: Self.now)
        #expect(bundle.tables["scorecards"]?.count == 1 && bundle.tables["scorecard_findings"]?.count == 1)
        #expect(bundle.tables["scorecards"]?[0]["results"] == .text(#"{"a":1}"#))
        try await call("b")
        try await score("b", Self.outcome(60, [("greets", "pass")]))
        let erasure = try await store.erase(person: person, audit: audit, recordings: nil, at: Self.now)
        #expect(erasure.rows["scorecards"] == 2 && erasure.rows["scorecard_findings"] == 2)
        #expect(try await store.count(ofTable: "scorecards", where: [:]) == 0)
        #expect(try await store.count(ofTable: "scorecard_findings", where: [:]) == 0)
        try await call("c")
        try await store.wantScore(ofCall: "c", now: Self.now)
        let claim = try #require(try await store.claimScorecard(lease: .seconds(9), now: Self.now))
        #expect(try await store.deleteCalls(before: Self.now).calls == 1)
        #expect(try await !store.note(Self.outcome(1, [("x", "pass")]), for: claim, now: Self.now))
        #expect(try await store.count(ofTable: "scorecards", where: [:]) == 0)
    }
}
