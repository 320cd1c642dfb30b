import CallSession

/// Measures how long a person waits for the agent's first words: from the end of their greeting, or from the answer where they
/// say nothing. A value; all times are samples at 8 kHz since the call's media began.
struct GreetingClock: Sendable, Equatable {
    /// Who speaks again sooner than this has not ended the greeting: those who listen wait as long.
    private static let pause = AnswerDetector.Rules().pause

    /// From where it is waited while nobody has spoken.
    private var begins = 0
    /// Of the greeting; nil before anybody has spoken, and while it goes on for the first time.
    private var ends: Int?
    private var isSpoken = false
    /// Nobody can make the greeting longer any more.
    private var isOver = false
    /// So far it is no person who greets.
    private var isMachine = false
    /// Where the agent was heard first.
    private var heard: Int?

    mutating func see(_ event: ConversationEvent, at position: Int) {
        guard heard == nil else { return }
        switch event {
        case .voiceStarted(let onset):
            if let ends, !isMachine, onset - ends > Self.pause { isOver = true }
            isSpoken = !isOver
        case .voiceStopped(let lastVoiced):
            if isSpoken { ends = lastVoiced }
            isSpoken = false
        case .playoutStarted: heard = position
        default: break
        }
    }

    /// Behind a machine's greeting somebody may come to the line, whose own is another one, and begins whenever they come.
    mutating func answered(_ answerer: Answerer, at position: Int) {
        guard heard == nil else { return }
        switch answerer {
        case .machine, .screening, .menu, .fax:
            (begins, ends, isOver) = (position, nil, false)
            isMachine = true
        case .person, .unsure: isMachine = false
        }
    }

    /// - Parameter end: of the call, until which nobody was heard where the agent was not.
    func delay(at end: Int) -> Int {
        // Somebody who still speaks waits for nothing.
        if isSpoken { return 0 }
        return (heard ?? end) - (ends ?? begins)
    }
}
