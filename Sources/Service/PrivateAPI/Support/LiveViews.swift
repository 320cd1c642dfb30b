import Foundation
import Store

/// A call on the line.
struct LiveCallView: Encodable, Sendable {
    let id: String
    let carrier: String
    let direction: CallRecord.Direction
    let from: String
    let to: String
    let agent: String
    let startedAt: Date
    let state: LiveStateView
    let turns: [TurnRecord]
    let incidents: Int

    init(_ call: LiveCall) {
        id = call.id
        carrier = call.carrier
        direction = call.direction
        from = call.from
        to = call.to
        agent = call.agent
        startedAt = call.startedAt
        state = LiveStateView(call)
        turns = call.turns
        incidents = call.incidents
    }
}

/// What goes on in a call; the event `call.state`.
struct LiveStateView: Encodable, Sendable {
    let callID: String
    let state: LiveCall.State
    /// Samples at 8 kHz since the media started.
    let since: Int
    let isMuted: Bool
    let isRecordingPaused: Bool
    let hasOperator: Bool
    let interim: String
    let saying: String
    let tool: String?
    /// The agent who speaks now.
    let speaker: String

    init(_ call: LiveCall) {
        callID = call.id
        state = call.state
        since = call.since
        isMuted = call.isMuted
        isRecordingPaused = call.isRecordingPaused
        hasOperator = call.hasOperator
        interim = call.interim
        saying = call.saying
        tool = call.tool
        speaker = call.speaker
    }
}

/// The wall.
struct LiveView: Encodable, Sendable {
    let calls: [LiveCallView]
    /// Where the events that follow this picture begin; for `Last-Event-ID`.
    let lastEventID: String
}
