import Foundation
import Store

/// A call in lists: its record without what only this machine needs to know.
struct CallView: Encodable, Sendable {
    let id: String
    let carrier: String
    let carrierCallID: String?
    let direction: CallRecord.Direction
    let from: String
    let to: String
    let agent: String
    let agentVersion: String
    let startedAt: Date
    let endedAt: Date?
    let outcome: String?
    let endReason: String?
    /// The node that holds it, or held it; absent where nobody said.
    let node: String?
    /// Who answered a call that we placed, by our own ears.
    let answerer: String?
    /// Samples at 8 kHz.
    let duration: Int
    let hasRecording: Bool
    /// Whether it might be recorded; absent where nobody was told or asked.
    let recordingConsent: RecordingConsentRecord?
    let counts: CallCounts
    /// What went wrong on it → how often; absent where nothing did.
    let faults: [String: Int]?
    /// What it used of others; absent where it used nothing, and while it runs.
    let cost: CallCost?
    /// Of the agent that took it, ISO 639-1; absent where nobody said.
    let language: String?
    /// How it ended for the one on the line; absent while it runs, and of a call that is a part of another one.
    let resolution: CallResolution?
    /// How caller and agent took turns; absent while it runs, and of old calls.
    let interaction: InteractionCounts?
    /// The call that it goes on with, of a node that is no more.
    let resumes: String?
    /// The call that goes on with it.
    let resumedAs: String?
    /// What it was filed under; absent until it is, and where nobody does.
    let disposition: String?

    init(_ call: CallRecord, disposition: String? = nil) {
        self.disposition = disposition
        id = call.id
        carrier = call.carrier
        carrierCallID = call.carrierCallID
        direction = call.direction
        from = call.from
        to = call.to
        agent = call.agent
        agentVersion = call.agentVersion
        startedAt = call.startedAt
        endedAt = call.endedAt
        outcome = call.outcome
        endReason = call.endReason
        node = call.node
        answerer = call.answerer
        duration = call.duration
        hasRecording = call.recordingPath != nil
        recordingConsent = call.recordingConsent
        counts = call.counts
        faults = call.faults
        cost = call.cost
        language = call.language
        resolution = call.resolution
        interaction = call.interaction
        resumes = call.resumes
        resumedAs = call.resumedAs
    }
}

/// A page of calls.
struct CallPageView: Encodable, Sendable {
    let calls: [CallView]
    /// For `after`; absent on the last page.
    let next: String?
    /// The turns that have the words of `text`; absent without such a search.
    let hits: [CallHit]?

    init(_ page: CallPage, analyses: [String: AnalysisRecord], isSearch: Bool) {
        calls = page.calls.map { CallView($0, disposition: analyses[$0.id]?.disposition) }
        next = page.next?.description
        hits = isSearch ? page.hits : nil
    }
}

/// A whole call.
struct CallStoryView: Encodable, Sendable {
    /// What can be played.
    struct Recording: Encodable, Sendable {
        let format: String
        let sampleRate: Int
        /// Of each side.
        let samples: Int
        /// Of the file, hexadecimal; absent where there is none.
        let sha256: String?
        /// What of it is silence by intent; absent where nothing is.
        let redactions: [RedactionRecord]?
    }

    let call: CallView
    let isLive: Bool
    let turns: [TurnRecord]
    let tools: [ToolRecord]
    let incidents: [IncidentRecord]
    let recording: Recording?
    let journalCount: Int
    /// What its agent's scorecard made of it; absent until it is scored.
    let scorecard: ScorecardView?
    /// What is written down of it; absent until it is.
    let analysis: AnalysisView?

    init(
        _ story: CallStory, isLive: Bool, scorecard: ScorecardRecord? = nil, analysis: AnalysisRecord? = nil
    ) {
        self.scorecard = scorecard.map(ScorecardView.init)
        self.analysis = analysis.map(AnalysisView.init)
        call = CallView(story.call, disposition: analysis?.disposition)
        self.isLive = isLive
        turns = story.turns
        tools = story.tools
        incidents = story.incidents
        recording = story.recordings.first.map {
            Recording(
                format: $0.format, sampleRate: $0.sampleRate, samples: max($0.callerSamples, $0.agentSamples),
                sha256: $0.sha256, redactions: $0.redactions)
        }
        journalCount = story.journalCount
    }
}

/// A piece of a call's journal.
struct JournalView: Encodable, Sendable {
    struct Entry: Encodable, Sendable {
        let sequence: Int
        /// Samples at 8 kHz since the media started.
        let position: Int
        let kind: String
        /// The event as the reducer took it: JSON in a text.
        let payload: String
    }

    let entries: [Entry]
    /// For `from`; absent after the last entry.
    let next: Int?

    init(_ records: [JournalRecord], limit: Int) {
        entries = records.prefix(limit).map {
            Entry(
                sequence: $0.sequence, position: $0.position, kind: $0.kind,
                payload: String(decoding: $0.payload, as: UTF8.self))
        }
        next = records.count > limit ? records[limit].sequence : nil
    }
}
