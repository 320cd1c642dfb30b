/// The answer the agent waits for.
package struct Expectation: Sendable, Equatable, Codable {
    /// How patient endpointing should be.
    package enum Kind: String, Sendable, Codable, CaseIterable {
        case open, yesNo, choice, digits, date, time, name
    }

    package var kind: Kind
    /// The ``DialogueLanguage`` context that describes the likely answers.
    package var context: String
    /// A number typed on the keypad is complete with this many keys; nil where that is not known.
    package var longestKeys: Int?

    package init(kind: Kind, context: String, longestKeys: Int? = nil) {
        self.kind = kind
        self.context = context
        self.longestKeys = longestKeys
    }
}
