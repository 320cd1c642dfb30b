import Agent
import Foundation
import Store

/// What is written down of a call, for the API.
struct AnalysisView: Encodable, Sendable {
    let callID: String
    let state: AnalysisRecord.State
    /// Absent until something is written down, and where the agent has nothing to.
    let source: AfterCallRecord.Source?
    let summary: String?
    let disposition: String?
    /// Field → its value.
    let values: [String: JSONValue]
    /// Required fields that were not found.
    let missing: [String]
    /// What a model's disposition (`disposition`) and values rest on.
    let evidence: [String: [ScorecardVerdict.Evidence]]
    /// What a model gave besides and was left out.
    let dropped: Int
    let note: String?
    /// Requests to a model since the call was last to be written down.
    let attempts: Int
    let analyzedAt: Date?

    init(_ record: AnalysisRecord) {
        callID = record.callID
        state = record.state
        disposition = record.disposition
        note = record.note
        attempts = record.attempts
        analyzedAt = record.analyzedAt
        let found = record.found
        source = found?.source
        summary = found?.summary
        values = found?.values ?? [:]
        missing = found?.missing ?? []
        evidence = found?.evidence ?? [:]
        dropped = found?.dropped ?? 0
    }
}

extension AnalysisRecord {
    /// What was written down; nil where nothing was, or where a later program did.
    var found: AfterCallRecord? {
        results.flatMap { try? JSONDecoder().decode(AfterCallRecord.self, from: Data($0.utf8)) }
    }
}
