/// The answer the agent waits for.
package struct Expectation: Sendable, Equatable, Codable {
    /// How patient endpointing should be.
    package enum Kind: String, Sendable, Codable, CaseIterable {
        case open, yesNo, choice, digits, date, time, name
    }

    package var kind: Kind
    /// The ``DialogueLanguage`` context that describes the likely answers.
    package var context: String

    package init(kind: Kind, context: String) {
        self.kind = kind
        self.context = context
    }
}
