package import CallSession
package import Foundation
import Speech
package import Store

/// A call that is on the line, as people watch it. A value; folds the call's events.
package struct LiveCall: Sendable, Equatable {
    /// What goes on.
    package enum State: String, Sendable, Encodable, CaseIterable {
        case connecting
        case agentSpeaks
        /// The caller has the word and says nothing.
        case callerToSpeak
        case callerSpeaks
        case agentThinks
        case toolRuns
        /// The goodbye.
        case ending
        case ended
    }

    /// As it was when the call began.
    package let record: CallRecord
    package let id: String
    package let carrier: String
    package let direction: CallRecord.Direction
    package let from: String
    package let to: String
    /// Whom the call began with.
    package let agent: String
    /// The agent who speaks now: another one after a hand-over.
    package private(set) var speaker: String
    package let startedAt: Date
    package private(set) var state = State.connecting
    /// Where the state began, in samples at 8 kHz since the media started.
    package private(set) var since = 0
    package private(set) var isMuted = false
    /// An operator keeps what is said out of the recording.
    package private(set) var isRecordingPaused = false
    /// An operator speaks in the agent's place.
    package private(set) var hasOperator = false
    /// What the caller is saying, as far as it has been recognized.
    package private(set) var interim = ""
    /// What the agent is saying or about to say.
    package private(set) var saying = ""
    /// The tool that runs.
    package private(set) var tool: String?
    /// What was said, the newest ``longestTranscript`` turns, in the order they began.
    package private(set) var turns: [TurnRecord] = []
    package private(set) var incidents = 0

    /// Turns kept of one call; the store has all of them.
    package static let longestTranscript = 60
    private var isEnding = false
    private var isCallerSpeaking = false
    /// What whoever answers has heard for itself; its words are late and change nothing.
    private var taken: UtteranceID?

    package init(_ call: CallRecord) {
        record = call
        id = call.id
        carrier = call.carrier
        direction = call.direction
        from = call.from
        to = call.to
        agent = call.agent
        speaker = call.agent
        startedAt = call.startedAt
    }

    /// Takes an input of the call's reducer.
    package mutating func take(_ event: ConversationEvent, at position: Int) {
        switch event {
        case .mediaStarted: enter(.agentThinks, at: position)
        case .voiceStarted:
            isCallerSpeaking = true
            interim = ""
            enter(.callerSpeaks, at: position)
        case .interim(_, let text): interim = text
        case .provisional(let transcript): interim = transcript.isOutOfTask ? "" : transcript.text
        case .timer(.endOfTurn), .timer(.utterance):
            isCallerSpeaking = false
            enter(.agentThinks, at: position)
        case .turnTaken(let utterance):
            taken = utterance
            interim = ""
            if !isCallerSpeaking { enter(.agentThinks, at: position) }
        case .transcript(let transcript):
            interim = ""
            if !isCallerSpeaking, transcript.utterance != taken { enter(.agentThinks, at: position) }
        case .nothingHeard(let utterance), .recognitionFailed(let utterance, _):
            interim = ""
            if !isCallerSpeaking, utterance != taken { enter(.callerToSpeak, at: position) }
        case .keyPressed: enter(.agentThinks, at: position)
        case .replySaid(_, let text): saying += saying.isEmpty ? text : " " + text
        // Whatever became of the reply that told of it, as the call's voice.
        case .replyTakenOver(_, let agent): speaker = agent
        case .toolStarted(_, let call):
            tool = call.name
            if state != .agentSpeaks { enter(.toolRuns, at: position) }
        case .toolFinished:
            tool = nil
            if state == .toolRuns { enter(.agentThinks, at: position) }
        case .playoutStarted: enter(isEnding ? .ending : .agentSpeaks, at: position)
        case .playoutDrained:
            if !isCallerSpeaking { enter(isEnding ? .ending : .callerToSpeak, at: position) }
        case .playoutCleared:
            // What of it was heard becomes a turn; the rest will not be said.
            saying = ""
            if !isCallerSpeaking { enter(isEnding ? .ending : .callerToSpeak, at: position) }
        case .replyHangsUp, .replyTransfers, .drain:
            isEnding = true
            hasOperator = false
            enter(.ending, at: position)
        case .hungUp: enter(.ended, at: position)
        case .operated(.mute): isMuted = true
        case .operated(.unmute): isMuted = false
        case .operated(.pauseRecording): isRecordingPaused = true
        case .operated(.resumeRecording): isRecordingPaused = false
        case .operated(.say(let text)): saying = text
        case .timer(.mute): isMuted = false
        case .operated(.takeOver):
            hasOperator = true
            enter(.callerToSpeak, at: position)
        case .operated(.handBack), .timer(.takeover), .livenessLost: hasOperator = false
        default: break
        }
    }

    /// Takes what is stored of the call.
    package mutating func take(_ write: StoreWrite) {
        switch write {
        case .turn(let turn):
            if let index = turns.lastIndex(where: { $0.isSameTurn(as: turn) }) {
                turns[index] = turn
            } else {
                turns.append(turn)
                if turns.count > Self.longestTranscript { turns.removeFirst() }
            }
            if turn.speaker == .agent { saying = "" }
        case .incident: incidents += 1
        case .call, .announcedCall, .tool, .journal, .recording: break
        }
    }

    private mutating func enter(_ new: State, at position: Int) {
        // Nobody owes the caller an answer that an operator does not give themselves.
        let new = hasOperator && new == .agentThinks ? .callerToSpeak : new
        guard state != new, state != .ended else { return }
        state = new
        since = position
    }
}

extension TurnRecord {
    fileprivate func isSameTurn(as other: TurnRecord) -> Bool {
        number == other.number && speaker == other.speaker && part == other.part
    }
}
