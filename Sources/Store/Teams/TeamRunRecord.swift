package import Foundation

/// What a team does around one call, or did.
package struct TeamRunRecord: Sendable, Equatable, Codable {
    package enum State: String, Sendable, Codable, CaseIterable {
        case open, done, failed
        /// A person ended it.
        case cancelled
    }

    package var id: String
    /// The agent whose file says what is done, and who holds the call.
    package var agent: String
    package var agentVersion: String
    /// JSON, as it was when the run began.
    package var plan: String
    /// What was given at the beginning.
    package var variables: [String: String]
    /// How the call is to be placed, JSON; nil where none is.
    package var dial: String?
    /// Of the call, once there is one.
    package var callID: String?
    package var state: State
    /// Why it failed or was cancelled.
    package var reason: String?
    package var beganAt: Date
    package var finishedAt: Date?
    /// In the order of the plan.
    package var steps: [TeamStepRecord]

    package func step(_ name: String) -> TeamStepRecord? { steps.first { $0.name == name } }

    init(row: SQLRow, steps: [TeamStepRecord]) throws {
        id = row["id"]
        agent = row["agent"]
        agentVersion = row["agent_version"]
        plan = row["plan"]
        variables = try StoredJSON.value(row["variables"])
        dial = row["dial"]
        callID = row["call_id"]
        state = try row.word("state")
        reason = row["reason"]
        beganAt = Date(storedMilliseconds: row["began_at"])
        finishedAt = row.date("finished_at")
        self.steps = steps
    }
}

/// One step of a run.
package struct TeamStepRecord: Sendable, Equatable, Codable {
    package enum State: String, Sendable, Codable, CaseIterable {
        case pending, running
        /// For a person, or for the call to end.
        case waiting
        case done, failed, rejected, expired
        /// Never begun, because the run ended before.
        case skipped

        /// Whether nothing changes any more.
        package var isSettled: Bool { ![.pending, .running, .waiting].contains(self) }
    }

    package var name: String
    package var state: State
    /// How often it was begun.
    package var attempts: Int
    /// Whoever does it has until then.
    package var leasedUntil: Date?
    /// It is not begun earlier.
    package var notBefore: Date?
    /// Of its report, 0...1.
    package var confidence: Double?
    /// Its report, in words.
    package var result: String?
    /// Why it is in this state, where there is a reason.
    package var reason: String?
    /// Its calls of tools, JSON.
    package var calls: String?
    /// The review that its report waits for, or waited.
    package var reviewID: Int?
    package var beganAt: Date?
    package var finishedAt: Date?

    init(row: SQLRow) throws {
        name = row["name"]
        state = try row.word("state")
        attempts = row["attempts"]
        leasedUntil = row.date("leased_until")
        notBefore = row.date("not_before")
        confidence = row["confidence"]
        result = row["result"]
        reason = row["reason"]
        calls = row["calls"]
        reviewID = row["review_id"]
        beganAt = row.date("began_at")
        finishedAt = row.date("finished_at")
    }
}

/// What a run begins with.
package struct TeamRunDraft: Sendable, Equatable {
    package var id: String
    /// The same one begins one run.
    package var idempotencyKey: String
    package var agent: String
    package var agentVersion: String
    /// JSON.
    package var plan: String
    package var variables: [String: String]
    /// JSON.
    package var dial: String?
    package var callID: String?
    /// The names of its steps: those of one stage are done side by side, stages in order.
    package var stages: [[String]]

    package init(
        id: String, idempotencyKey: String, agent: String, agentVersion: String, plan: String,
        variables: [String: String], dial: String? = nil, callID: String? = nil, stages: [[String]]
    ) {
        self.id = id
        self.idempotencyKey = idempotencyKey
        self.agent = agent
        self.agentVersion = agentVersion
        self.plan = plan
        self.variables = variables
        self.dial = dial
        self.callID = callID
        self.stages = stages
    }
}

/// What became of a step that was begun.
package struct TeamStepOutcome: Sendable, Equatable {
    package var state: TeamStepRecord.State
    package var confidence: Double?
    package var result: String?
    package var reason: String?
    package var calls: String?
    package var reviewID: Int?
    /// For a step that is `pending` again.
    package var notBefore: Date?

    package init(
        _ state: TeamStepRecord.State, confidence: Double? = nil, result: String? = nil, reason: String? = nil,
        calls: String? = nil, reviewID: Int? = nil, notBefore: Date? = nil
    ) {
        self.state = state
        self.confidence = confidence
        self.result = result
        self.reason = reason
        self.calls = calls
        self.reviewID = reviewID
        self.notBefore = notBefore
    }
}
