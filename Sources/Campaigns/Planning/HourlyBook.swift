/// The ended attempts of one campaign by the hour: those that the store tells of and those that end meanwhile, each once and
/// in whatever order they come. A value.
package struct HourlyBook: Sendable {
    /// An attempt that has ended.
    package struct Entry: Sendable, Equatable {
        package var attempt: String
        package var outcome: AttemptOutcome
        /// 0...23, where the callee is.
        package var hour: Int

        package init(attempt: String, outcome: AttemptOutcome, hour: Int) {
            self.attempt = attempt
            self.outcome = outcome
            self.hour = hour
        }
    }

    /// Entries that wait for what the store has: more do not end while it is asked, unless it is away, and then the oldest of
    /// them stand in what it says at last.
    package static let mostWaiting = 5000

    /// Nil until the store has told.
    package private(set) var answers: HourlyAnswers?
    /// Attempts that the store told of. One of them may be noted by whoever ended it after that.
    private var told: Set<String> = []
    private var waiting: [Entry] = []

    package init() {}

    /// The store has told of the past. Told again it changes nothing.
    package mutating func read(_ past: [Entry]) {
        guard answers == nil else { return }
        var answers = HourlyAnswers()
        for entry in past { answers.note(entry.outcome, hour: entry.hour) }
        self.answers = answers
        told = Set(past.map(\.attempt))
        for entry in waiting { note(entry) }
        waiting = []
    }

    /// An attempt has ended.
    package mutating func note(_ entry: Entry) {
        if answers == nil {
            if waiting.count == Self.mostWaiting { waiting.removeFirst() }
            waiting.append(entry)
        } else if told.remove(entry.attempt) == nil {
            answers?.note(entry.outcome, hour: entry.hour)
        }
    }
}
