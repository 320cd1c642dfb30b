import Agent
import Foundation
import Store
import Testing

@testable import Service

/// Calls of a week, to be counted.
enum PastCalls {
    static let count = 90

    /// Stores what a card makes of every second one.
    static func score(in store: Store) async throws {
        for index in stride(from: 0, to: count, by: 2) {
            let id = "c\(1000 + index)"
            let standings: [ScorecardVerdict.Standing] = [
                .pass, index % 6 == 0 ? .fail : .pass, index % 10 == 0 ? .notApplicable : .pass,
                index % 14 == 0 ? .unproven : .fail,
            ]
            let names = ["greeting", "promises_kept", "read_back", "courteous"]
            let verdict = ScorecardVerdict(
                card: "quality", version: "5f0e1d2c3b4a5968",
                findings: zip(names, standings).enumerated().map { place, finding in
                    let quoted = ScorecardVerdict.Evidence(turn: 3, speaker: .agent, part: 0, quote: "Of course.")
                    return ScorecardVerdict.Finding(
                        criterion: finding.0, kind: finding.0 == "courteous" ? .question : .rule, weight: place + 1,
                        standing: finding.1, reason: "as the test says", evidence: place == 0 ? [quoted] : [])
                })
            try await store.wantScore(ofCall: id)
            let claim = try #require(try await store.claimScorecard(ofCall: id, lease: .seconds(60)))
            let isStored = try await store.note(
                ScorecardOutcome(
                    state: .done, card: verdict.card, cardVersion: verdict.version, score: verdict.score,
                    results: String(decoding: APIJSON.encode(verdict), as: UTF8.self),
                    findings: verdict.findings.map {
                        .init(criterion: $0.criterion, standing: $0.standing.rawValue, weight: $0.weight)
                    }), for: claim)
            #expect(isStored)
        }
    }

    /// Stores what a model wrote down of the first one.
    static func analyze(in store: Store) async throws {
        let quoted = ScorecardVerdict.Evidence(turn: 3, speaker: .agent, part: 0, quote: "Of course.")
        let record = AfterCallRecord(
            summary: "Somebody asked for an appointment and got one.", disposition: "booked",
            values: ["date": "2026-12-01", "party": 2], missing: ["time"], source: .model,
            evidence: ["date": [quoted], "disposition": [quoted]])
        try await store.wantAnalysis(ofCall: "c1000")
        let claim = try #require(try await store.claimAnalysis(ofCall: "c1000", lease: .seconds(60)))
        let isStored = try await store.note(
            AnalysisOutcome(
                state: .done, disposition: record.disposition, summary: record.summary,
                results: String(decoding: APIJSON.encode(record), as: UTF8.self)), for: claim)
        #expect(isStored)
    }

    /// The call to a person whom the first caller was put through to: in the list a call of its own, in most counts none.
    private static func leg(before end: Date) -> CallRecord {
        var leg = CallRecord(
            id: "leg1", carrier: "twilio", carrierCallID: "CAleg", direction: .outbound, from: "+15550200",
            to: "+15550199", agent: "receptionist", agentVersion: "3f9a1c2e77", startedAt: end - 5 * 3600)
        leg.endedAt = leg.startedAt + 60
        leg.duration = 60 * 8000
        leg.language = "en"
        leg.endReason = "caller hung up"
        leg.cost = CallCost(
            currency: "USD", items: [.init(provider: "twilio", unit: "leg_ms", quantity: 60_000, amount: 1)])
        return leg
    }

    /// As many calls as ``count`` says, and a leg of one of them.
    static func writes(before end: Date) -> [StoreWrite] {
        let calls = (0..<count).flatMap { index -> [StoreWrite] in
            let hours = Double(index) * 160 / Double(count) + 2
            let length = 30 + index * 37 % 240
            let outcomes = [
                "calendar_book", "calendar_book", nil, "calendar_move", "transfer_warm", nil, "send_message",
            ]
            var call = CallRecord(
                id: "c\(1000 + index)", carrier: "twilio", carrierCallID: "CA\(index)",
                direction: index.isMultiple(of: 6) ? .outbound : .inbound, from: "+1555010\(index % 10)",
                to: "+15550200", agent: index.isMultiple(of: 4) ? "support" : "receptionist",
                agentVersion: index < 40 ? "3f9a1c2e77" : "a81b0c44d2", startedAt: end - hours * 3600 - Double(length))
            call.endedAt = call.startedAt + Double(length)
            call.duration = length * 8000
            call.language = index.isMultiple(of: 5) ? "es" : "en"
            call.outcome = outcomes[index % outcomes.count]
            call.resolution =
                call.outcome == "transfer_warm"
                ? .transferred : index % 11 == 3 ? .abandoned : index % 29 == 7 ? .failed : .contained
            if call.direction == .outbound {
                call.answerer = index.isMultiple(of: 12) ? "person" : "machine"
                if call.answerer == "machine" { (call.resolution, call.outcome) = (.unreached, "message_left") }
            }
            call.endReason = index.isMultiple(of: 3) ? "caller hung up" : "the agent ended the call"
            call.counts.callerTurns = call.resolution == .abandoned ? 0 : 3 + index % 4
            // Of two of them nobody said why they ended.
            if index % 45 == 44 { call.endReason = nil }
            call.interaction = InteractionCounts(
                asked: 5, answered: index % 9 == 0 ? 4 : 5, bargeIns: index % 3,
                yields: Array(repeating: 180 + index % 7 * 30, count: index % 3),
                backchannels: index % 2, tolerated: index % 8 == 1 ? 0 : index % 2, agentStarts: 6,
                overCaller: index % 17 == 0 ? 1 : 0)
            call.cost = CallCost(
                currency: "USD",
                items: [
                    .init(
                        provider: "deepgram", unit: "audio_ms", quantity: length * 1000, amount: Decimal(length) / 1000)
                ])
            return [.call(call)]
                + (1...4).map { turn in
                    .turn(
                        TurnRecord(
                            callID: call.id, number: turn, speaker: .agent, started: turn * 40_000,
                            ended: turn * 40_000 + 16_000,
                            text: "Of course.", heard: "Of course.",
                            latency: TurnLatency(
                                endOfTurnWait: 260_000, recognition: 20_000, understanding: 60_000, synthesis: 90_000,
                                own: 4000, total: 380_000 + (index * 131 + turn * 577) % 600 * 1000)))
                }
        }
        return calls + [StoreWrite.call(leg(before: end))]
    }
}
