import Agent
import CallSession
import Speech
import Store

/// Measures how caller and agent take turns, from the inputs and decisions of a call. A value; positions are samples at 8 kHz.
struct InteractionMeter: Sendable {
    /// Speaking into the agent's last words is taking the turn, not interrupting.
    private static let tail = 8000
    /// A caller who speaks again so soon has not waited for an answer; nor has one who hangs up.
    private static let patience = 16_000

    /// The caller's voice over the agent's.
    private struct Overlap: Sendable {
        let onset: Int
        /// When the agent fell silent for it; nil while it speaks.
        var silentAt: Int?
    }

    private struct Turn: Sendable {
        let number: Int
        let started: Int
        let ended: Int
    }

    private var counts = InteractionCounts()
    private var position = 0
    /// When the caller began to speak; nil while they are silent.
    private var voice: Int?
    private var isAgentAudible = false
    private var overlap: Overlap?
    private var expecting = Expectation.Kind.open
    private var turns: [Turn] = []
    private var answered: Set<Int> = []

    mutating func take(_ event: ConversationEvent, at position: Int) {
        self.position = position
        switch event {
        case .voiceStarted(let onset):
            voice = onset
            if isAgentAudible, overlap == nil { overlap = Overlap(onset: onset) }
        case .voiceStopped: voice = nil
        case .playoutStarted:
            isAgentAudible = true
            counts.agentStarts += 1
            if let voice, voice < position { counts.overCaller += 1 }
        case .playoutDrained:
            isAgentAudible = false
            // It came to its end by itself.
            if let overlap, overlap.silentAt == nil, position - overlap.onset < Self.tail { self.overlap = nil }
        case .playoutCleared: isAgentAudible = false
        case .transcript(let transcript): settle(words: transcript.text)
        case .nothingHeard, .recognitionFailed: settle(words: "")
        default: break
        }
    }

    mutating func take(_ actions: [ConversationAction]) {
        for action in actions {
            switch action {
            case .pausePlayout, .clearPlayout:
                if isAgentAudible, overlap != nil, overlap?.silentAt == nil { overlap?.silentAt = position }
                isAgentAudible = false
            case .resumePlayout:
                isAgentAudible = true
                overlap?.silentAt = nil
            default: break
            }
        }
    }

    mutating func take(_ note: CallNote) {
        switch note {
        case .callerTurn(let turn): turns.append(Turn(number: turn.turn, started: turn.started, ended: turn.ended))
        case .agentTurn(let turn) where !turn.heard.isEmpty: answered.insert(turn.turn)
        case .latency(let latency): answered.insert(latency.turn)
        case .expecting(let expectation): expecting = expectation.kind
        default: break
        }
    }

    /// The words of what was said over the agent are known.
    private mutating func settle(words: String) {
        guard let overlap else { return }
        self.overlap = nil
        if words.isEmpty || TurnDetector.isBackchannel(words, expecting: expecting) {
            counts.backchannels += 1
            if overlap.silentAt == nil { counts.tolerated += 1 }
        } else {
            counts.bargeIns += 1
            if let silentAt = overlap.silentAt { counts.yields.append(max(silentAt - overlap.onset, 0) / 8) }
        }
    }

    /// - Parameter length: of the whole call.
    func counts(of length: Int) -> InteractionCounts {
        var counts = counts
        for (index, turn) in turns.enumerated() {
            let isAnswered = answered.contains(turn.number)
            // Where the caller goes on, or goes, before anybody could answer, nobody was asked.
            let next = index + 1 < turns.count ? turns[index + 1].started : length
            guard isAnswered || next - turn.ended >= Self.patience else { continue }
            counts.asked += 1
            if isAnswered { counts.answered += 1 }
        }
        return counts
    }
}
