import Foundation
import Testing

@testable import Store

/// How long counting takes; `PARLEY_ANALYTICS_CALLS=100000` makes the figures of docs/api.md.
@Suite("Figures of analytics", .onBothEngines)
struct AnalyticsFigures {
    @Test("all numbers of a span are counted by the engine; times are printed")
    func figures() async throws {
        let count = ProcessInfo.processInfo.environment["PARLEY_ANALYTICS_CALLS"].flatMap(Int.init) ?? 1_000
        let directory = try TemporaryDirectory()
        let store = try directory.store()
        let span = 90 * 86_400
        for start in stride(from: 0, to: count, by: 500) {
            let writes = (start..<min(start + 500, count)).flatMap { index -> [StoreWrite] in
                var call = CallRecord.sample("c\(index)", second: index * span / count)
                let length = 20 + index * 7919 % 400
                call.endedAt = call.startedAt + Double(length)
                call.duration = length * 8000
                call.agent = "agent\(index % 5)"
                call.agentVersion = "v\(index % 15)"
                call.language = index.isMultiple(of: 3) ? "es" : "en"
                call.resolution = CallResolution.allCases[index % 5]
                call.endReason = "caller hung up"
                call.outcome = index.isMultiple(of: 2) ? "book" : nil
                call.counts.callerTurns = 5
                call.interaction = InteractionCounts(
                    asked: 5, answered: 5, bargeIns: 1, yields: [200 + index % 300], backchannels: 1, tolerated: 1,
                    agentStarts: 6)
                call.cost = CallCost(
                    currency: "USD", items: [.init(provider: "p", unit: "u", quantity: 1, amount: 0.01)])
                return [.call(call)]
                    + (1...5).map { turn in
                        .turn(
                            TurnRecord(
                                callID: call.id, number: turn, speaker: .agent, started: turn * 8000,
                                text: "Of course, what day would suit you?",
                                latency: TurnLatency(
                                    endOfTurnWait: 0, recognition: 0, understanding: 0, synthesis: 0, own: 0,
                                    total: 300_000 + (index * 31 + turn * 977) % 900_000)))
                    }
            }
            try await store.apply(writes)
        }
        for (name, days) in [("90 days", 90), ("7 days", 7)] {
            let before = Date(timeIntervalSince1970: 1_790_000_000 + Double(span))
            let zone = try #require(TimeZone(identifier: "Europe/Berlin"))
            let calendar = try #require(
                AnalyticsCalendar(since: before - Double(days) * 86_400, before: before, bucket: .day, zone: zone))
            var filter = CallFilter()
            for (which, agent) in [("all", nil), ("one of five agents", "agent1" as String?)] {
                filter.agent = agent
                var calls = 0
                let time = try await ContinuousClock().measure {
                    calls = try await store.analytics(of: filter, over: calendar).totals.calls
                }
                print("\(Engine.current) \(name), \(which): \(calls) calls in \(time / .milliseconds(1)) ms")
                #expect(calls > 0)
            }
        }
    }
}
