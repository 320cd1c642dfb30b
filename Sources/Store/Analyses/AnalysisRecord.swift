package import Foundation

/// What is written down of a call when it is over, and how far that is.
package struct AnalysisRecord: Sendable, Equatable {
    package enum State: String, Sendable, Codable, CaseIterable {
        /// To be done; what is there is of before.
        case pending
        /// What the call's record says is there, a model has still to be asked.
        case partial
        case done
    }

    package var callID: String
    package var state: State
    package var disposition: String?
    /// JSON, in the words of whoever wrote it; nil until then.
    package var results: String?
    /// What went wrong, for people.
    package var note: String?
    /// Requests to a model since the call was last to be written down.
    package var attempts: Int
    package var analyzedAt: Date?

    init(row: SQLRow) throws {
        callID = row["call_id"]
        state = try row.word("state")
        disposition = row["disposition"]
        results = row["results"]
        note = row["note"]
        attempts = row["attempts"]
        analyzedAt = (row["analyzed_at"] as Int?).map(Date.init(storedMilliseconds:))
    }
}

/// A call that this process may write down until its lease is over.
package struct AnalysisClaim: Sendable, Equatable {
    package var record: AnalysisRecord
    /// Tells this lease from earlier and later ones.
    package var fence: Int
}

/// What was found on a call, to be stored.
package struct AnalysisOutcome: Sendable, Equatable {
    package var state: AnalysisRecord.State
    package var disposition: String?
    /// To be searched for words.
    package var summary: String?
    /// JSON.
    package var results: String?
    package var note: String?
    /// When a model is to be asked again; nil for at once.
    package var notBefore: Date?
    /// Whoever asked a model stopped before it could answer: the request is none of the call's attempts.
    package var isGivenUp = false
    /// What a model used, to be added to the call's cost.
    package var cost: CallCost?

    package init(
        state: AnalysisRecord.State, disposition: String? = nil, summary: String? = nil, results: String? = nil,
        note: String? = nil, notBefore: Date? = nil, cost: CallCost? = nil
    ) {
        self.state = state
        self.disposition = disposition
        self.summary = summary
        self.results = results
        self.note = note
        self.notBefore = notBefore
        self.cost = cost
    }
}
