import Speech

/// The beginning of a call that was placed: who has answered, and what is done until somebody converses.
struct Opening: Sendable, Equatable {
    enum Stage: Sendable, Equatable {
        /// Nothing is said yet: whoever answered speaks first.
        case listening
        /// A machine speaks; its beep or its end is waited for.
        case machine(hasBeeped: Bool)
        /// The message is being left.
        case message
        /// An assistant asks, and fetches somebody.
        case screening
        /// A menu speaks, and the agent presses keys.
        case menu
        /// The agent talks with whoever is there.
        case conversing
    }

    var stage = Stage.listening
    var detector = AnswerDetector()
    /// Nothing that is heard changes the verdict any more: a turn was answered.
    var isSettled = false
    /// The number of the reply that is the greeting.
    var greeting: Int?
    /// The utterance with which the telephone was answered: the greeting is the answer to it.
    var pickup: UtteranceID?
    /// When the present stage must be over, in samples.
    var end = 0
    /// Times that an assistant was told who calls.
    var introductions = 0
    /// When it was told last, in samples.
    var introducedAt: Int?
    /// The assistant waits to be told.
    var owesIntroduction = false
    /// Words of a menu → how often they were heard.
    var menus: [String: Int] = [:]
    var keysPressed = 0

    /// A menu that is heard so often leads nowhere.
    static let mostMenus = 3
    static let mostIntroductions = 3
    static let mostKeys = 40
}
