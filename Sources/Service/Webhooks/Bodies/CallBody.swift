import Foundation
import Store

/// A call as others are told of it. `isOpen` is whether numbers and words are told.
struct CallBody: Encodable {
    let id: String
    let carrier: String
    let carrierCallID: String?
    let direction: CallRecord.Direction
    let from: String?
    let to: String?
    let agent: String
    let agentVersion: String
    let startedAt: Date
    /// The call that it goes on with, of a node that is no more.
    let resumes: String?
    /// The call that goes on with it.
    var resumedAs: String?
    var endedAt: Date?
    var durationMs: Int?
    /// What the caller got, in the agent's words: the last act that succeeded.
    var outcome: String?
    /// Why it ended.
    var endReason: String?
    /// Who or what answered, when we placed it.
    var answerer: String?
    /// Whether it might be recorded; absent where nobody was told or asked.
    var recordingConsent: RecordingConsentRecord?
    var counts: CallCounts?
    /// What it used of others, and what that cost.
    var cost: CallCost?

    /// What is known when it begins.
    init(beginningOf call: CallRecord, isOpen: Bool) {
        id = call.id
        carrier = call.carrier
        carrierCallID = call.carrierCallID
        direction = call.direction
        from = isOpen ? call.from : nil
        to = isOpen ? call.to : nil
        agent = call.agent
        agentVersion = call.agentVersion
        startedAt = call.startedAt
        resumes = call.resumes
    }

    init(_ call: CallRecord, isOpen: Bool) {
        self.init(beginningOf: call, isOpen: isOpen)
        endedAt = call.endedAt
        resumedAs = call.resumedAs
        durationMs = call.duration.milliseconds
        outcome = call.outcome
        endReason = call.endReason
        answerer = call.answerer
        recordingConsent = call.recordingConsent
        counts = call.counts
        cost = call.cost
    }
}

/// What is told when a call begins.
struct CallStartedBody: Encodable {
    let call: CallBody
}

extension Int {
    /// Of a position in samples at 8 kHz.
    var milliseconds: Int { self / 8 }
}
