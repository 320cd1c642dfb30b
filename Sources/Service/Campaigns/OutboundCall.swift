import CallSession
import Speech

/// What a call that we placed is about.
package struct OutboundCall: Sendable, Equatable {
    /// The attempt's id.
    package var attempt: String
    package var number: String
    package var callerID: String
    package var agent: String
    package var variables: [String: String]
}

/// What was seen of a call that we placed, once its media is over.
struct HeldCall: Sendable, Equatable {
    var attempt: String
    var reason: String
    /// Of the media.
    var length: Duration
    /// How often the person was heard.
    var callerTurns: Int
    /// Whether the agent was ever heard.
    var wasAudible: Bool
}

/// Listens to the events of a call that we placed. Confined to the call's loop.
struct OutboundWatch {
    private var callerTurns = 0
    private var wasAudible = false
    let call: OutboundCall

    init(_ call: OutboundCall) { self.call = call }

    enum Finding {
        case optedOut(reason: String)
        case ended(HeldCall)
    }

    mutating func see(_ event: CallEvent) -> Finding? {
        switch event {
        case .journal(_, _, .keyPressed(let key)) where key == String(OptOutDialogue.key):
            // Also when the receiver is put down before the agent could say so.
            return .optedOut(reason: "pressed 9")
        case .journal(_, _, .transcript(let transcript)):
            callerTurns += 1
            return OptOutPhrases.matches(transcript.text) ? .optedOut(reason: "said so") : nil
        case .journal(_, _, .playoutStarted): wasAudible = true
        case .finished(let summary):
            return .ended(
                HeldCall(
                    attempt: call.attempt, reason: summary.reason,
                    length: .milliseconds(summary.samples / 8), callerTurns: callerTurns, wasAudible: wasAudible))
        case .journal, .decided, .note: break
        }
        return nil
    }
}
