import Agent
import Foundation
package import Store

/// What a scorecard made of a call, for the API and for terminals.
package struct ScorecardView: Encodable, Sendable {
    package let callID: String
    package let state: ScorecardRecord.State
    /// Absent until the call is scored, and where its agent has no card.
    let card: String?
    let cardVersion: String?
    /// 0...100; absent where nothing counts.
    let score: Int?
    /// Weight of what counts, and of everything.
    let counted: Int
    let weight: Int
    let findings: [ScorecardVerdict.Finding]
    let note: String?
    /// Requests to a judge since the call was last to be scored.
    let attempts: Int
    let scoredAt: Date?

    package init(_ record: ScorecardRecord) {
        callID = record.callID
        state = record.state
        card = record.card
        cardVersion = record.cardVersion
        score = record.score
        // A word that a later program gave is no reason to show nothing else.
        let verdict = record.results.flatMap { try? JSONDecoder().decode(ScorecardVerdict.self, from: Data($0.utf8)) }
        findings = verdict?.findings ?? []
        counted = findings.reduce(0) { $0 + ($1.standing.counts ? $1.weight : 0) }
        weight = findings.reduce(0) { $0 + $1.weight }
        note = record.note
        attempts = record.attempts
        scoredAt = record.scoredAt
    }

    /// For a terminal.
    package var text: String {
        let points = score.map { "\($0) of 100 points" } ?? "no points"
        var lines = ["\(callID)  \(card ?? "no scorecard")  \(points)  (\(counted) of \(weight) by weight)  \(state)"]
        for finding in findings {
            lines.append("  \(finding.standing.rawValue)  \(finding.criterion) ×\(finding.weight)  \(finding.reason)")
            for evidence in finding.evidence {
                let place = evidence.turn.map { "turn \($0) \(evidence.speaker?.rawValue ?? "")" }
                let figure = evidence.figure.map { "\($0) \(evidence.unit ?? "")" }
                let parts = [place, figure, evidence.quote.map { "“\($0)”" }].compactMap(\.self)
                lines.append("      " + parts.joined(separator: "  "))
            }
        }
        if let note { lines.append("  note  \(note)") }
        return lines.joined(separator: "\n")
    }
}
