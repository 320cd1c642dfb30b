/// What an agent knows of the values its callers may give.
package struct EntityLexicon: Sendable, Equatable {
    /// The kinds the agent asks for. Nothing else is looked for, so that "eleven" can be a time where no number is wanted.
    package var kinds: Set<EntityKind>
    /// Lower-case.
    package var firstNames: Set<String>
    /// Lower-case.
    package var lastNames: Set<String>
    /// Slot → value → its spoken forms, each as words.
    package var choices: [String: [String: [[String]]]]
    /// When "three" means the afternoon.
    package var opens: ClockTime
    package var closes: ClockTime
    /// All words of the agent's examples: what is none of them may be a name nobody listed.
    package var commonWords: Set<String>

    package init(
        kinds: Set<EntityKind>, firstNames: Set<String> = [], lastNames: Set<String> = [],
        choices: [String: [String: [[String]]]] = [:], opens: ClockTime, closes: ClockTime,
        commonWords: Set<String> = []
    ) {
        self.kinds = kinds
        self.firstNames = firstNames
        self.lastNames = lastNames
        self.choices = choices
        self.opens = opens
        self.closes = closes
        self.commonWords = commonWords
    }
}
