package import Foundation

/// One call, from its first ring to its end. Handed over anew whenever something of it changed.
package struct CallRecord: Sendable, Equatable, Codable {
    package enum Direction: String, Sendable, Codable, CaseIterable {
        case inbound, outbound
    }

    /// Parley's own id of the call.
    package var id: String
    /// `twilio`, `browser`, …
    package var carrier: String
    /// The carrier's id, once it told us.
    package var carrierCallID: String?
    package var direction: Direction
    /// Who calls: E.164, or whatever the carrier said; empty when withheld.
    package var from: String
    /// Who is called.
    package var to: String
    package var agent: String
    package var agentVersion: String
    /// Wall time; kept to the millisecond.
    package var startedAt: Date
    /// `nil` while the call runs.
    package var endedAt: Date?
    /// What the caller got: `booked`, `message`, `transferred`, … in the agent's words.
    package var outcome: String?
    /// Why the call ended: `callerHungUp`, `agentHungUp`, `failed`, …
    package var endReason: String?
    /// Length in samples at 8 kHz.
    package var duration: Int
    package var recordingPath: String?
    /// Who or what answered, when we placed it: `person`, `machine` …; the last verdict.
    package var answerer: String?
    package var counts: CallCounts
    /// What went wrong on it → how often, once it has ended; nil when nothing did.
    package var faults: [String: Int]?
    /// What it used of others, once it has ended; nil when it used nothing.
    package var cost: CallCost?
    /// The node that holds it, or held it; nil where nobody said.
    package var node: String?
    /// Whether it might be recorded; nil where nobody was told or asked.
    package var recordingConsent: RecordingConsentRecord?
    /// ISO 639-1, of the agent that took it; nil where nobody said.
    package var language: String?
    /// Once it has ended; nil of one that is a part of another call.
    package var resolution: CallResolution?
    /// Once it has ended; nil of calls before this was counted.
    package var interaction: InteractionCounts?
    /// The call that it goes on with, of a node that is no more.
    package var resumes: String?
    /// The call that goes on with it. Only ever read: ``Store/resume(_:as:by:)`` sets it.
    package var resumedAs: String?

    package init(
        id: String, carrier: String, carrierCallID: String? = nil, direction: Direction, from: String, to: String,
        agent: String, agentVersion: String, startedAt: Date, endedAt: Date? = nil, outcome: String? = nil,
        endReason: String? = nil, duration: Int = 0, recordingPath: String? = nil, answerer: String? = nil,
        counts: CallCounts = CallCounts(), faults: [String: Int]? = nil, cost: CallCost? = nil,
        node: String? = nil, recordingConsent: RecordingConsentRecord? = nil, language: String? = nil,
        resolution: CallResolution? = nil, interaction: InteractionCounts? = nil,
        resumes: String? = nil, resumedAs: String? = nil
    ) {
        self.id = id
        self.carrier = carrier
        self.carrierCallID = carrierCallID
        self.direction = direction
        self.from = from
        self.to = to
        self.agent = agent
        self.agentVersion = agentVersion
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.outcome = outcome
        self.endReason = endReason
        self.duration = duration
        self.recordingPath = recordingPath
        self.answerer = answerer
        self.counts = counts
        self.faults = faults
        self.cost = cost
        self.node = node
        self.recordingConsent = recordingConsent
        self.language = language
        self.resolution = resolution
        self.interaction = interaction
        self.resumes = resumes
        self.resumedAs = resumedAs
    }
}
