package import Agent

/// How a call behaves where the agent does not say otherwise.
package struct ConversationSettings: Sendable, Equatable, Codable {
    /// Turn-taking rules.
    package var turns = TurnDetector()
    /// The longest a caller may talk without a pause before what they said is taken as a turn.
    package var longestUtterance = Duration.seconds(25)
    /// The longest a call may last.
    package var longestCall: Duration {
        get { longestCallDuration ?? Self.usualLongestCall }
        set { longestCallDuration = newValue == Self.usualLongestCall ? nil : newValue }
    }
    /// How long the recognizer may take for its final result.
    package var recognitionDeadline = Duration.milliseconds(2500)
    /// How long the agent may be without progress: a word, a tool, a sample.
    package var replyDeadline = Duration.seconds(6)
    /// How long a running tool may keep the line silent; tools have shorter deadlines of their own.
    package var toolDeadline = Duration.seconds(15)
    /// Beyond the audio's own length, how long the carrier may take to confirm that it was played.
    package var playoutGrace = Duration.seconds(2)
    /// The pause after a key that ends a number.
    package var keyPause = Duration.seconds(2)
    /// Whether the first key of a number stops the agent; otherwise only the whole number does.
    package var keysInterrupt = true
    /// Whether keys are also heard in the audio, for lines that do not signal them.
    package var hearsKeyTones = false
    /// How long the caller may be silent before the agent asks again.
    package var silence = Duration.seconds(8)
    /// After so many unanswered prompts the call ends.
    package var longestSilenceCount = 3
    /// How long an operator may keep the agent silent.
    package var longestMute = Duration.seconds(600)
    /// How long a goodbye may take, from the decision to end.
    package var endingDeadline = Duration.seconds(20)
    /// How long the carrier may take to hang up.
    package var hangUpDeadline = Duration.seconds(5)
    /// Said when the agent failed to answer.
    package var apology = UsualSentence.apology.text(in: .english)
    /// Said when the agent failed repeatedly, before the caller is handed on or let go.
    package var surrender = UsualSentence.surrender.text(in: .english)
    /// Said when the service stops during the call.
    package var farewell = UsualSentence.farewell.text(in: .english)
    /// Said when the agent has the line again that an operator had taken over.
    package var handBack: String {
        get { handBackSentence ?? Self.usualHandBack }
        set { handBackSentence = newValue == Self.usualHandBack ? nil : newValue }
    }
    /// Said when the caller was promised a person and cannot be sent on.
    package var transferFailed: String {
        get { transferFailedSentence ?? Self.usualTransferFailed }
        set { transferFailedSentence = newValue == Self.usualTransferFailed ? nil : newValue }
    }
    /// Whether the agent goes on with a caller who could not be sent on; otherwise they hear ``transferFailed`` and the call
    /// ends.
    package var takesCallersBack: Bool {
        get { takesBack ?? false }
        set { takesBack = newValue ? true : nil }
    }
    /// Who is asked before a caller is put through to them, by destination; nil asks nobody.
    package var warmTransfers: [String: WarmTransfer]?
    /// What every agent says who may have this caller, by name; nil where one agent has the whole call.
    package var speakers: [String: SpeakerSettings]?
    /// What the agent speaks, by its tag; nil is English, as in journals from before it.
    var language: String?
    /// On the call with such a person: what they hear when the caller has gone.
    package var callerGone: String?
    // Nil is the usual one, so that the settings of journals from before it can still be read.
    private var handBackSentence: String?
    private var transferFailedSentence: String?
    private var takesBack: Bool?
    private var longestCallDuration: Duration?
    private static let usualLongestCall = Duration.seconds(2 * 3600)
    private static let usualHandBack = UsualSentence.handBack.text(in: .english)
    private static let usualTransferFailed = UsualSentence.nobodyThere.text(in: .english)
    /// Where a caller is sent when the agent failed repeatedly; nil hangs up after ``surrender``.
    package var escalation: String?
    /// So many failed replies in a row and the caller is handed on.
    package var failuresUntilEscalation = 3
    /// How a call begins that we placed; nil for calls that are taken.
    package var placed: PlacedCall?
    /// How the caller learns that the call is recorded; nil says nothing of it.
    package var recording: RecordingPolicy?

    package init() {}
}

extension Duration {
    /// Samples at 8 kHz.
    package var samples: Int {
        let (seconds, attoseconds) = components
        return Int(seconds) * 8000 + Int(attoseconds / 125_000_000_000_000)
    }
}
