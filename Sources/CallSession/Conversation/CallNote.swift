package import Agent

/// What a call leaves behind, as it happens. Service folds these into rows, events for people and metrics.
package enum CallNote: Sendable, Equatable {
    /// Without a text where the words are not known yet.
    case callerTurn(CallerTurnRecord)
    /// The words of such a turn.
    case callerWords(CallerTurnRecord)
    case understood(turn: Int, Understanding)
    case agentTurn(AgentTurnRecord)
    case operatorTurn(OperatorTurnRecord)
    case toolStarted(turn: Int, ToolCall)
    case toolFinished(turn: Int, ToolCall)
    case latency(ResponseLatency)
    /// The agent waits for an answer of this kind.
    case expecting(Expectation)
    /// Who has answered a call that we placed; perhaps more than once.
    case answered(AnswerDetector.Verdict)
    /// A machine took the message, to its end.
    case messageLeft
    /// Whether the call may be recorded, whenever that changes.
    case consent(RecordingConsent)
    case interrupted(turn: Int)
    /// How a warm transfer ended, or that caller and person talk.
    case transferred(TransferSaga.Outcome)
    /// A sentence of so many characters was synthesised before it was certain that it would be said, and then was said or
    /// was not.
    case speculated(wasUsed: Bool, characters: Int)
    case incident(kind: String, detail: String)
    case ended(reason: String, samples: Int)
}

package struct CallerTurnRecord: Sendable, Equatable {
    package var turn: Int
    package var text: String
    package var confidence: Double
    /// The words were not acted upon because they lie outside the task.
    package var isOutOfTask: Bool
    /// Samples since the call's media started.
    package var started: Int
    package var ended: Int
}

package struct AgentTurnRecord: Sendable, Equatable {
    /// The caller's turn that it answers; 0 for the greeting. Several may have the same: an answer, then a question whether
    /// the caller is still there.
    package var turn: Int
    /// What the agent meant to say.
    package var planned: String
    /// What of it reached the caller.
    package var heard: String
    package var wasInterrupted: Bool
    /// Samples since the call's media started.
    package var started: Int
    package var ended: Int
}

package struct OperatorTurnRecord: Sendable, Equatable {
    /// The caller's turn that was the last before it.
    package var turn: Int
    package var words: OperatorWords
}
