package import Foundation

/// What a scorecard makes of a call, and how far that is.
package struct ScorecardRecord: Sendable, Equatable {
    package enum State: String, Sendable, Codable, CaseIterable {
        /// To be scored; what is there is of before.
        case pending
        /// The rules are judged, a judge has still to be asked.
        case partial
        case done
    }

    package var callID: String
    package var state: State
    /// The card's name and hash; nil until it is scored, and where the agent has no card.
    package var card: String?
    package var cardVersion: String?
    /// Points, 0...100; nil where nothing counts.
    package var score: Int?
    /// JSON, in the words of whoever scored; nil until then.
    package var results: String?
    /// What went wrong, for people.
    package var note: String?
    /// Requests to a judge since the call was last to be scored.
    package var attempts: Int
    package var scoredAt: Date?

    init(row: SQLRow) throws {
        callID = row["call_id"]
        state = try row.word("state")
        card = row["card"]
        cardVersion = row["card_version"]
        score = row["score"]
        results = row["results"]
        note = row["note"]
        attempts = row["attempts"]
        scoredAt = (row["scored_at"] as Int?).map(Date.init(storedMilliseconds:))
    }
}

/// A call that this process may score until its lease is over.
package struct ScorecardClaim: Sendable, Equatable {
    package var record: ScorecardRecord
    /// Tells this lease from earlier and later ones.
    package var fence: Int
}

/// What was found on a call, to be stored.
package struct ScorecardOutcome: Sendable, Equatable {
    /// What is counted of one criterion.
    package struct Finding: Sendable, Equatable {
        package var criterion: String
        /// `pass`, `fail`, `not_applicable` …
        package var standing: String
        package var weight: Int

        package init(criterion: String, standing: String, weight: Int) {
            self.criterion = criterion
            self.standing = standing
            self.weight = weight
        }
    }

    package var state: ScorecardRecord.State
    package var card: String?
    package var cardVersion: String?
    package var score: Int?
    /// JSON.
    package var results: String?
    package var findings: [Finding]
    package var note: String?
    /// When a judge is to be asked again; nil for at once.
    package var notBefore: Date?
    /// Whoever asked a judge stopped before it could answer: the request is none of the call's attempts.
    package var isGivenUp = false
    /// What a judge used, to be added to the call's cost.
    package var cost: CallCost?

    package init(
        state: ScorecardRecord.State, card: String? = nil, cardVersion: String? = nil, score: Int? = nil,
        results: String? = nil, findings: [Finding] = [], note: String? = nil, notBefore: Date? = nil,
        cost: CallCost? = nil
    ) {
        self.state = state
        self.card = card
        self.cardVersion = cardVersion
        self.score = score
        self.results = results
        self.findings = findings
        self.note = note
        self.notBefore = notBefore
        self.cost = cost
    }
}
