import Agent
import Campaigns
import Foundation
import Store

/// Every attempt of a campaign, a line each, in the order in which they were intended.
extension CampaignExport {
    private struct AttemptLine: Encodable {
        var number: String
        var attempt: String
        var state: String
        var outcome: String?
        var agent: String
        var callerID: String
        var intendedAt: Date
        var askedAt: Date?
        var placedAt: Date?
        var answeredAt: Date?
        var endedAt: Date?
        /// In the carrier's words.
        var answeredBy: String?
        /// By our own ears.
        var answerer: String?
        var carrierCallID: String?
        var callID: String?
        /// Of the call; a decimal number.
        var cost: String?
        var currency: String?
        var detail: String?
        /// What is written down of the call.
        var disposition: String?
        var summary: String?
        var extracted: [String: JSONValue]?
        /// Where the private plane has the call's recording.
        var recording: String?
    }

    /// Of one page.
    private static let attemptsAtOnce = 500

    /// Without what an agent's file adds.
    static let attemptColumns =
        "number,attempt,state,outcome,agent,caller_id,intended_at,asked_at,placed_at,answered_at,ended_at,answered_by,answerer,carrier_call_id,call_id,cost,currency,detail,disposition,summary,recording"

    /// The lines of the next attempts; nil when there are no more.
    func attemptPage(
        of campaign: String, _ fields: [String], after last: (intendedAt: Date, id: String)?
    ) async throws -> (lines: [String], last: Place)? {
        let store = office.store
        let attempts = try await store.attempts(campaign: campaign, after: last, limit: Self.attemptsAtOnce)
        guard let end = attempts.last else { return nil }
        let calls = attempts.compactMap(\.callID)
        let costs = try await store.costs(ofCalls: calls)
        let analyses = try await store.analyses(ofCalls: calls)
        let recorded = try await store.recorded(ofCalls: calls)
        let encoder = Self.encoder()
        var lines: [String] = []
        for attempt in attempts {
            let call = attempt.callID
            let cost = call.flatMap { costs[$0] }
            let written = call.flatMap { analyses[$0] }
            let found = written?.found
            let line = AttemptLine(
                number: attempt.number, attempt: attempt.id, state: attempt.state.rawValue, outcome: attempt.outcome,
                agent: attempt.agent, callerID: attempt.callerID, intendedAt: attempt.intendedAt,
                askedAt: attempt.askedAt, placedAt: attempt.placedAt, answeredAt: attempt.answeredAt,
                endedAt: attempt.endedAt, answeredBy: attempt.answeredBy, answerer: attempt.answerer,
                carrierCallID: attempt.carrierCallID, callID: call, cost: cost?.total.map { "\($0)" },
                currency: cost?.total == nil ? nil : cost?.currency, detail: attempt.detail,
                disposition: written?.disposition, summary: found?.summary, extracted: found?.values,
                recording: recording(ofCall: call, among: recorded))
            lines.append(try text(line, fields, encoder))
        }
        return (lines, .attempt(end.intendedAt, end.id))
    }

    private func text(_ line: AttemptLine, _ fields: [String], _ encoder: JSONEncoder) throws -> String {
        if format == .jsonl { return String(decoding: try encoder.encode(line), as: UTF8.self) }
        var cells = [line.number, line.attempt, line.state, line.outcome ?? "", line.agent, line.callerID]
        let moments: [Date?] = [line.intendedAt, line.askedAt, line.placedAt, line.answeredAt, line.endedAt]
        cells += moments.map { Self.time($0) }
        let rest: [String?] = [
            line.answeredBy, line.answerer, line.carrierCallID, line.callID, line.cost, line.currency, line.detail,
            line.disposition, line.summary, line.recording,
        ]
        cells += rest.map { $0 ?? "" }
        return CSVText.line(cells + fields.map { Self.plain(line.extracted?[$0]) })
    }
}
