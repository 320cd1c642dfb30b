package import Agent
package import Speech
package import Telephony

/// Everything that can happen to a call, as its reducer sees it. The journal is a list of these with their positions.
///
/// Positions and counts are samples at 8 kHz. An event that names a `generation` speaks of one reply of the agent;
/// ``Conversation`` ignores it when that reply is no longer the current one.
package enum ConversationEvent: Sendable, Equatable, Codable {
    /// The media stream is open in both directions.
    case mediaStarted
    /// The voice detector heard speech begin at sample `onset` of the caller's audio.
    case voiceStarted(onset: Int)
    /// The voice detector heard speech end; `lastVoiced` was its last voiced sample.
    case voiceStopped(lastVoiced: Int)
    case interim(UtteranceID, text: String)
    /// The caller paused; these are the words if nothing more is said.
    case provisional(Transcript)
    /// The recognizer or a model of prosody believes that the turn has ended, 0...1.
    case endOfTurnLikely(UtteranceID, probability: Double)
    /// What the dialogue would make of the utterance if it ended with `text`; nil where it has no opinion.
    case previewed(UtteranceID, text: String, TurnCompleteness?, firstSentence: String?)
    case transcript(Transcript)
    /// Whoever answers has heard the utterance to its end; its words follow.
    case turnTaken(UtteranceID)
    case nothingHeard(UtteranceID)
    case recognitionFailed(UtteranceID, reason: String)
    case keyPressed(String)
    /// A machine's tone on the line of a call that we placed.
    case lineTone(LineTone)
    /// What the carrier's own detector says of who answered, in its words: `human`, `machine_start`, `fax` …
    case carrierAnswered(String)

    case replySaid(generation: Int, text: String)
    case replyUnderstood(generation: Int, Understanding)
    case replyExpects(generation: Int, Expectation)
    case toolStarted(generation: Int, ToolCall)
    case toolFinished(generation: Int, ToolCall)
    /// The agent states, or wanted to state, what nothing supports.
    case replyFlagged(generation: Int, statement: String, isHeld: Bool)
    /// What follows, of this reply and the next ones, is that agent's.
    case replyTakenOver(generation: Int, agent: String)
    /// Keys for whatever is at the other end.
    case replyPresses(generation: Int, keys: String)
    case replyTransfers(generation: Int, destination: String, reason: String)
    case replyHangsUp(generation: Int, reason: String)
    case replyFinished(generation: Int)
    case replyFailed(generation: Int, reason: String)

    /// `samples` more of a segment's audio are ready to be played.
    case synthesized(SegmentID, samples: Int)
    /// When the words of a segment are said, as its voice tells it.
    case paced(SegmentID, SpokenPace)
    case synthesisFinished(SegmentID)
    case synthesisFailed(SegmentID, reason: String)

    /// The first audio of a reply went out on the socket.
    case playoutStarted(generation: Int)
    /// Everything sent of a reply has been played to the caller.
    case playoutDrained(generation: Int, heard: Int)
    /// The carrier was told to drop what it had; the caller heard `heard` samples of the reply.
    case playoutCleared(generation: Int, heard: Int)

    case timer(Deadlines.Kind)
    /// The outside check found silence without a reason.
    case livenessLost
    /// The service is going down; finish politely.
    case drain
    /// A person at the console acts on the call.
    case operated(OperatorCommand)
    /// What an operator said who has taken the call over, as recognized.
    case operatorSaid(OperatorWords)
    /// The caller cannot be sent on, and is still on the line.
    case transferFailed(reason: String)
    /// What becomes of the person who is called for the caller.
    case person(PersonEvent)
    /// On the person's call: it is joined with the caller's.
    case joined
    /// On the person's call: the caller is not there any more.
    case parted(reason: String)
    /// The line is gone: the caller hung up, the carrier stopped the stream, or the socket closed.
    case hungUp(reason: String)
}

/// One part of a reply that is synthesised as a whole: a sentence or a clause.
package struct SegmentID: Sendable, Hashable, Codable {
    package var generation: Int
    /// From 0, in speaking order.
    package var index: Int

    package init(generation: Int, index: Int) {
        self.generation = generation
        self.index = index
    }
}

/// A tool call as text, for journal and transcript.
package struct ToolCall: Sendable, Equatable, Codable {
    package var id: String
    package var name: String
    /// JSON.
    package var arguments: String
    /// JSON of the result, or the error's description; empty while the tool runs.
    package var outcome: String
    package var failed: Bool

    package init(id: String, name: String, arguments: String, outcome: String = "", failed: Bool = false) {
        self.id = id
        self.name = name
        self.arguments = arguments
        self.outcome = outcome
        self.failed = failed
    }
}

/// Words of an operator on the line.
package struct OperatorWords: Sendable, Equatable, Codable {
    package var text: String
    /// Calibrated probability, 0...1, that `text` is what was said.
    package var confidence: Double
    /// Samples since the call's media started.
    package var started: Int
    package var ended: Int

    package init(text: String, confidence: Double, started: Int, ended: Int) {
        self.text = text
        self.confidence = confidence
        self.started = started
        self.ended = ended
    }
}
