import Foundation
import Testing

@testable import Store

@Suite("What calls come to in numbers", .onBothEngines)
struct AnalyticsTests {
    private static let start = Date(timeIntervalSince1970: 1_790_000_000)
    let directory: TemporaryDirectory
    let store: Store

    init() async throws {
        directory = try TemporaryDirectory()
        store = try directory.store()
        try await fill()
    }

    /// Twelve calls, ten minutes apart; every third lasts into the next two.
    private func fill() async throws {
        let resolutions: [CallResolution] = [.contained, .transferred, .abandoned, .failed, .unreached]
        var writes: [StoreWrite] = []
        for index in 0..<12 {
            var call = CallRecord.sample("a\(index)", second: index * 600)
            let length = index.isMultiple(of: 3) ? 1500 : 60 + index
            call.endedAt = index == 11 ? nil : call.startedAt + Double(length)
            call.duration = length * 8000
            call.agent = index < 8 ? "receptionist" : "support"
            call.agentVersion = index < 4 ? "v1" : "v2"
            call.language = index.isMultiple(of: 2) ? "en" : "es"
            call.counts.callerTurns = index % 4
            if index == 5 || index == 6 {
                call.direction = .outbound
                (call.from, call.to) = ("+15550009", "+15550100")
                call.answerer = index == 5 ? "person" : "machine"
            }
            if index < 11 {
                call.resolution = resolutions[index % 5]
                call.endReason =
                    index == 10 ? nil : index.isMultiple(of: 2) ? "caller hung up" : "the agent ended the call"
                call.outcome = [nil, "book", "transfer_warm", "message_left"][index % 4]
                call.interaction = InteractionCounts(
                    asked: 4, answered: 4 - index % 2, bargeIns: 2, yields: [100 * index, 305].filter { $0 > 0 },
                    backchannels: 3, tolerated: index == 1 ? 2 : 3, agentStarts: 5, overCaller: index % 3)
            }
            if index < 3 {
                call.cost = CallCost(
                    currency: index == 2 ? "USD" : "EUR",
                    items: [.init(provider: "p", unit: "u", quantity: 1, amount: Decimal(index + 1) / 8)])
            }
            writes.append(.call(call))
            for turn in 1...3 {
                let total = (index * 3 + turn) * 50_000
                writes.append(
                    .turn(
                        TurnRecord(
                            callID: call.id, number: turn, speaker: .agent, started: turn, text: "t",
                            latency: TurnLatency(
                                endOfTurnWait: 0, recognition: 0, understanding: 0, synthesis: 0, own: 0, total: total))
                    ))
            }
        }
        try await store.apply(writes)
        let campaigns = [("winter", "c1", 5), ("winter", "c1", 6), ("spring", "c2", 7)]
        for (name, id) in [("winter", "c1"), ("spring", "c2")] {
            try await store.write("fill", "") { db in
                try db.execute(
                    sql: """
                        INSERT INTO campaigns (id, name, state, definition, created_at, changed_at)
                        VALUES (?, ?, 'running', '{}', 0, 0)
                        """, arguments: [id, name])
            }
        }
        for (index, (_, campaign, call)) in campaigns.enumerated() {
            try await store.write("fill", "") { db in
                let moment = Self.start.storedMilliseconds + index
                try db.execute(
                    sql: """
                        INSERT INTO contacts (id, campaign_id, number, line, region, variables, state, next_at, changed_at)
                        VALUES (?, ?, ?, 1, 'US', '{}', 'done', 0, 0)
                        """, arguments: [index + 1, campaign, "+1555010\(index)"])
                // The last one was asked for and never answered.
                try db.execute(
                    sql: """
                        INSERT INTO attempts (id, campaign_id, contact_id, number, caller_id, agent, state, decision,
                        call_id, intended_at, asked_at, outcome)
                        VALUES (?, ?, ?, ?, '+1', 'receptionist', 'ended', '{}', ?, ?, ?, 'reached')
                        """,
                    arguments: [
                        "t\(index)", campaign, index + 1, "+1555010\(index)", call == 7 ? String?.none : "a\(call)",
                        moment, moment,
                    ])
            }
        }
    }

    private func calendar(_ bucket: AnalyticsCalendar.Bucket = .hour) throws -> AnalyticsCalendar {
        let zone = try #require(TimeZone(identifier: "Asia/Kolkata"))
        return try #require(
            AnalyticsCalendar(since: Self.start - 60, before: Self.start + 8000, bucket: bucket, zone: zone))
    }

    private func count(_ change: (inout CallFilter) -> Void) async throws -> Int {
        var filter = CallFilter(since: Self.start - 60, before: Self.start + 8000)
        change(&filter)
        return try await store.calls(matching: filter, limit: 1000).calls.count
    }

    @Test("every number is as many calls as its filter finds")
    func drillDown() async throws {
        let found = try await store.analytics(of: CallFilter(), over: calendar())
        #expect(found.totals.calls == 12 && found.totals.ended == 11)
        let resolutions: [(CallResolution, Int)] = [
            (.contained, found.totals.contained), (.transferred, found.totals.transferred),
            (.abandoned, found.totals.abandoned), (.failed, found.totals.failed),
            (.unreached, found.totals.unreached),
        ]
        for (resolution, number) in resolutions {
            #expect(number > 0)
            #expect(try await count { $0.resolution = resolution } == number, "\(resolution)")
        }
        for feature in CallFeature.allCases {
            let number = try #require(found.features[feature.rawValue])
            #expect(number > 0, "\(feature)")
            #expect(try await count { $0.feature = feature } == number, "\(feature)")
        }
        #expect(found.features["goal"] == found.totals.goals && found.totals.goals == 3)
        for outcome in found.outcomes {
            let number = try await count {
                if let word = outcome.word { $0.outcome = word } else { $0.feature = .noOutcome }
            }
            #expect(number == outcome.calls, "\(outcome)")
        }
        for reason in found.endReasons {
            let number = try await count {
                if let word = reason.word { $0.endReason = word } else { $0.feature = .noEndReason }
            }
            #expect(number == reason.calls, "\(reason)")
        }
        #expect(found.endReasons.contains { $0.word == nil && $0.calls == 1 })
        for version in found.versions {
            let number = try await count { ($0.agent, $0.version) = (version.agent, version.version) }
            #expect(number == version.totals.calls, "\(version)")
        }
        #expect(found.versions.map(\.totals.calls).reduce(0, +) == 12)
        for bucket in found.buckets {
            let number = try await count {
                $0.since = Date(storedMilliseconds: bucket.since)
                $0.before = Date(storedMilliseconds: bucket.before)
            }
            #expect(number == bucket.totals.calls, "\(bucket)")
            #expect((bucket.peakAt == nil) == (bucket.peak == 0), "\(bucket)")
            guard let moment = bucket.peakAt else { continue }
            let busy = try await count { ($0.since, $0.before, $0.at) = (nil, nil, Date(storedMilliseconds: moment)) }
            #expect(busy == bucket.peak && bucket.since <= moment && moment < bucket.before, "\(bucket)")
        }
        let peak = try #require(found.peak)
        let together = try await count {
            ($0.since, $0.before, $0.at) = (nil, nil, Date(storedMilliseconds: peak.at))
        }
        #expect(peak.calls == 2 && together == 2, "\(peak)")
        #expect(found.buckets.map(\.peak).max() == 2)
        let costs = found.costs.map { "\($0.currency) \($0.calls) \($0.total ?? 0)" }
        #expect(costs == ["EUR 2 0.375", "USD 1 0.375"])
        for cost in found.costs { #expect(try await count { $0.currency = cost.currency } == cost.calls) }
        let retained = found.totals.contained + found.totals.transferred
        #expect(found.features["retained"] == retained)
        #expect(found.features["lost"] == found.totals.abandoned + found.totals.failed)
    }

    @Test("a call that is a part of another one is counted with it, and what it costs beside it")
    func legs() async throws {
        var leg = CallRecord.sample("leg", second: 900)
        leg.direction = .outbound
        (leg.endedAt, leg.endReason, leg.duration) = (leg.startedAt + 60, "caller hung up", 60 * 8000)
        (leg.resolution, leg.interaction, leg.language) = (nil, nil, "en")
        leg.cost = CallCost(
            currency: "USD", items: [.init(provider: "p", unit: "u", quantity: 1, amount: Decimal(1) / 8)])
        let before = try await store.analytics(of: CallFilter(), over: calendar())
        try await store.apply([.call(leg)])
        let found = try await store.analytics(of: CallFilter(), over: calendar())
        #expect(try await count { $0.direction = .outbound } == 3)
        #expect(found.totals == before.totals && found.buckets.map(\.totals) == before.buckets.map(\.totals))
        #expect(found.endReasons == before.endReasons && found.versions == before.versions)
        #expect(found.features == before.features && found.handling == before.handling)
        #expect(found.costs.map { "\($0.currency) \($0.calls) \($0.total ?? 0)" } == ["EUR 2 0.375", "USD 2 0.5"])
        #expect(try await count { _ in } == found.totals.calls + 1)
        #expect(try await count { $0.isOwn = true } == found.totals.calls)
        #expect(try await count { $0.isOwn = false } == 1)
        let hungUp = try #require(found.endReasons.first { $0.word == "caller hung up" })
        #expect(try await count { ($0.isOwn, $0.endReason) = (true, "caller hung up") } == hungUp.calls)
        #expect(try await count { $0.currency = "USD" } == 2)
    }

    @Test("of campaigns calls are counted by how far they came, and attempts beside them")
    func campaigns() async throws {
        let found = try await store.analytics(of: CallFilter(), over: calendar()).campaigns
        #expect(found.map(\.name) == ["spring", "winter"])
        #expect(found.map(\.attempts) == [1, 2] && found.map(\.calls) == [0, 2] && found.map(\.person) == [0, 1])
        #expect(try await count { $0.campaign = "winter" } == 2)
        #expect(try await count { ($0.campaign, $0.feature) = ("winter", .talked) } == found[1].talked)
        #expect(try await count { $0.campaign = "spring" } == 0)
        #expect(try await count { ($0.campaign, $0.attempt) = ("winter", "reached") } == 2)
        #expect(try await count { $0.attempt = "reached" } == 2)
        #expect(try await count { $0.attempt = "busy" } == 0)
    }

    @Test("percentiles are of turns and of interruptions, and slow turns lead to their calls")
    func percentiles() async throws {
        let found = try await store.analytics(of: CallFilter(), over: calendar()).interaction
        // 36 turns: 50 ms, 100 ms … 1800 ms.
        #expect(found.response.count == 36 && found.response.p50 == 910 && found.response.p95 == 1760)
        let slow = (try await count { $0.slower = 1_700_000 }, try await count { $0.slower = 1_650_000 })
        #expect(slow == (1, 2))
        #expect(found.asked == 44 && found.answered == 39)
        #expect(found.bargeIns == 22 && found.yielded == 21 && found.yield.count == 21)
        #expect(found.yield.p50 == 310 && found.yield.p99 == 1010)
        #expect(found.backchannels == 33 && found.tolerated == 32)
        // 305 ms on each of eleven calls, and 100 ms, 200 ms … 1000 ms on one each.
        let yields: [(least: Int, calls: Int)] = [(300, 11), (306, 7), (1000, 1), (1001, 0)]
        for (least, calls) in yields { #expect(try await count { $0.yieldSlower = least } == calls, "\(least)") }
    }

    @Test("a percentile of the length leads to the calls that are in its step, or longer")
    func lengths() async throws {
        let found = try await store.analytics(of: CallFilter(), over: calendar()).handling
        // 61 s, 62 s, 64 s, 65 s, 67 s, 68 s, 70 s, and four of 1500 s; the one on the line has no length yet.
        #expect(found.count == 11 && found.p50 == 69 && found.p95 == 1501)
        let lengths: [(least: Int, calls: Int)] = [(0, 11), (68, 6), (1500, 4), (1501, 0)]
        for (least, calls) in lengths { #expect(try await count { $0.longer = least } == calls, "\(least)") }
    }

    private static let filters: [@Sendable (inout CallFilter) -> Void] = [
        { $0.agent = "support" }, { $0.version = "v2" }, { $0.number = "+15550009" }, { $0.number = "+15550002" },
        { $0.language = "es" }, { $0.campaign = "winter" }, { $0.attempt = "reached" }, { $0.direction = .outbound },
        { $0.agent = "nobody" }, { $0.yieldSlower = 700 }, { $0.longer = 68 }, { $0.currency = "EUR" },
        { $0.feature = .noEndReason }, { $0.isOwn = true },
        { ($0.language, $0.resolution) = ("en", .contained) }, { $0.feature = .spokeOver },
    ]

    @Test("a filter holds for the numbers as it does for the list", arguments: filters.indices)
    func filtered(index: Int) async throws {
        var filter = CallFilter()
        Self.filters[index](&filter)
        let found = try await store.analytics(of: filter, over: calendar())
        let listed = try await store.calls(matching: filter, limit: 1000).calls
        #expect(found.totals.calls == listed.count)
        #expect(found.totals.seconds == listed.filter { $0.endedAt != nil }.map { $0.duration / 8000 }.reduce(0, +))
        #expect(found.handling.count == listed.count { $0.endedAt != nil })
        #expect(found.interaction.asked == listed.compactMap(\.interaction?.asked).reduce(0, +))
        #expect(found.buckets.map(\.totals.calls).reduce(0, +) == listed.count)
    }

    @Test("of a call on the line since before the span, each of its hours knows")
    func longCalls() async throws {
        var call = CallRecord.sample("long", second: -7200)
        call.endedAt = call.startedAt + 5 * 3600
        var other = CallRecord.sample("gone", second: -90_000)
        other.endedAt = nil
        try await store.apply([.call(call), .call(other)], firstRevision: 900)
        let found = try await store.analytics(of: CallFilter(), over: calendar())
        #expect(found.buckets.allSatisfy { $0.peak >= 1 })
        #expect(found.peak?.calls == 3)
    }

    @Test("a call keeps what it is counted by")
    func round() async throws {
        let call = try await store.story(ofCall: "a3").call
        #expect(call.resolution == .failed && call.language == "es")
        #expect(call.interaction?.yields == [300, 305] && call.interaction?.overCaller == 0)
    }
}
