/// What calls of an agent are judged by when they are over, as the agent's file describes it.
package struct Scorecard: Sendable, Equatable {
    /// One thing that a call is judged by.
    package struct Criterion: Sendable, Equatable {
        /// Unique within the card; `[a-z0-9_]+`.
        package var name: String
        /// What it counts, 1...100.
        package var weight: Int
        /// Calls that it is not for are not judged by it.
        package var condition: ScorecardCondition
        package var test: Test

        package init(
            name: String, weight: Int = 1, condition: ScorecardCondition = ScorecardCondition(), test: Test
        ) {
            self.name = name
            self.weight = weight
            self.condition = condition
            self.test = test
        }
    }

    package enum Test: Sendable, Equatable {
        /// Decided from the call's record.
        case rule(ScorecardRule)
        /// Asked of a language model; yes is good.
        case question(String)
    }

    /// The most that a card may have.
    package static let mostCriteria = 50

    package var name: String
    /// Changes when anything in it changes.
    package var version: String
    package var criteria: [Criterion]
    /// Who answers the questions; nil where the card has none.
    package var judge: JudgeSettings?

    package init(name: String, version: String, criteria: [Criterion], judge: JudgeSettings? = nil) {
        self.name = name
        self.version = version
        self.criteria = criteria
        self.judge = judge
    }

    /// Whether a language model has something to answer.
    package var hasQuestions: Bool { criteria.contains { $0.question != nil } }
}

extension Scorecard.Criterion {
    package var question: String? {
        if case .question(let text) = test { text } else { nil }
    }
}
