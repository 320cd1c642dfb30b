package import Agent
package import Speech

/// Everything one call needs, chosen before its first sample: who answers, with which ears and voice, and who is told.
package struct CallPlan: Sendable {
    package var facts: CallFacts
    /// The carrier's own id of the call.
    package var carrierCallID: String
    package var settings: ConversationSettings
    package var dialogue: any Dialogue
    package var voiceDetection: VoiceDetection
    /// Hears whether the caller has finished; nil where nobody asks.
    package var endOfTurnModel: SmartTurnModel?
    package var recognizer: any SpeechRecognizer
    /// Hears an operator who takes the call over; nil where ``recognizer`` does.
    package var operatorRecognizer: (any SpeechRecognizer)?
    package var vocabulary: SpeechVocabulary
    package var synthesizer: any SpeechSynthesizer
    /// The synthesizer's name of the voice; empty for its default.
    package var voice: String
    /// How a colleague sounds who takes the caller over; nil for who keeps this call's voice.
    package var voiceOf: @Sendable (_ agent: String) -> CallVoice? = { _ in nil }
    /// What the carrier said of who answered before the media began; see ``ConversationEvent/carrierAnswered(_:)``.
    package var carrierAnswer: String?
    /// Why the caller is back whom ``dialogue`` had sent on; nil where the call begins with it.
    package var returnReason: String?
    /// What happened on the call that this one goes on with, whose node is no more; nil where it goes on with none.
    package var history: [RememberedEvent]?
    /// Calls people for this caller; nil where nobody can be called.
    package var people: PersonCaller?
    /// On a person's call: told that they take the caller, on the call's loop; must not block.
    package var accepted: (@Sendable (CallSession) -> Void)?
    /// Where the recording goes; nil keeps none.
    package var recordingPath: String?
    /// Told of everything, in order, on the call's loop; must not block.
    package var observer: @Sendable (CallEvent) -> Void

    package init(
        facts: CallFacts, carrierCallID: String, settings: ConversationSettings = ConversationSettings(),
        dialogue: any Dialogue, voiceDetection: VoiceDetection = .builtIn,
        recognizer: any SpeechRecognizer, vocabulary: SpeechVocabulary, synthesizer: any SpeechSynthesizer,
        voice: String = "", recordingPath: String? = nil, observer: @escaping @Sendable (CallEvent) -> Void
    ) {
        self.facts = facts
        self.carrierCallID = carrierCallID
        self.settings = settings
        self.dialogue = dialogue
        self.voiceDetection = voiceDetection
        self.recognizer = recognizer
        self.vocabulary = vocabulary
        self.synthesizer = synthesizer
        self.voice = voice
        self.recordingPath = recordingPath
        self.observer = observer
    }
}

/// What the world is told of a call.
package enum CallEvent: Sendable {
    /// The reducer's input number `sequence`; the journal.
    case journal(sequence: Int, position: Int, ConversationEvent)
    /// What the reducer made of input number `sequence`; follows it at once.
    case decided(sequence: Int, [ConversationAction])
    case note(position: Int, CallNote)
    /// The call is over, its recording closed, everything it held released.
    case finished(CallSummary)
}

package struct CallSummary: Sendable, Equatable {
    package var reason: String
    /// The call's length in samples at 8 kHz.
    package var samples: Int
    package var recording: RecordingSummary?
    /// Times the playout ran dry in the middle of an utterance.
    package var underruns: Int
    /// Times the agent's own voice came back over the line and was not taken for the caller's.
    package var echoes: Int
    package var losses = MediaLosses()
}
