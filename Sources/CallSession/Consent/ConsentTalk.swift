import Agent

/// What is said of being recorded, and how far that has come. The words are the agent's file's, the dialogue does not
/// know of them: it gets the call when this is settled.
struct ConsentTalk: Sendable, Equatable {
    enum Line: Sendable, Equatable {
        case announcement, question
        /// After the answer.
        case closing
        /// After the caller has withdrawn.
        case stopped
    }

    enum Stage: Sendable, Equatable {
        /// Nothing is said yet.
        case due
        case saying(Line, generation: Int)
        /// The question was heard; its answer is waited for.
        case waiting
        case settled
    }

    /// What comes next.
    enum Following: Sendable, Equatable {
        case greeting
        case answer(DialogueInput)
        /// It is the caller's turn.
        case nothing
    }

    var policy: RecordingPolicy
    var stage = Stage.due
    var consent = RecordingConsent()
    /// Times that the question was asked.
    var questions = 0
    var following = Following.greeting
    /// The number of the reply that is the dialogue's greeting.
    var greeting: Int?
    /// The dialogue has not begun the call; whatever it is told next, it begins with that.
    var owesGreeting = false

    static let mostQuestions = 2
    /// A withdrawal of more words has something else in it that wants an answer.
    static let bareWithdrawal = 10

    init(_ policy: RecordingPolicy) { self.policy = policy }

    /// Whether the caller's words over it change nothing: an announcement is heard to its end.
    var isUninterruptible: Bool {
        if case .saying(.announcement, _) = stage { true } else { false }
    }

    /// Whether the reply of that number is one of these lines.
    func says(_ generation: Int) -> Bool {
        if case .saying(_, generation) = stage { true } else { false }
    }

    var isAsking: Bool {
        switch stage {
        case .saying(.question, _), .waiting: true
        case .due, .saying, .settled: false
        }
    }
}
