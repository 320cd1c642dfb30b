/// What becomes of a sentence that states what nothing supports.
package struct GroundingPolicy: Sendable, Equatable {
    package enum Action: String, Sendable, CaseIterable {
        /// Nobody looks.
        case off
        /// It is spoken, counted, and noted in the call's journal.
        case allow
        /// It is held back, and the model is asked once more, with the reason; then ``instead`` is said.
        case rephrase
        /// It is held back, ``instead`` is said, and a person decides whether the caller is told it later.
        case review
    }

    package var action = Action.allow
    /// Said in its place, when there is no time for another answer.
    package var instead = UsualSentence.notSure.text(in: .english)
    /// The tool that tells the caller once a person has approved, with its arguments: `{sentence}`, `{statement}` and
    /// `{caller}` are known.
    package var tool = ""
    package var arguments: [String: Template] = [:]
    /// How long a review waits for a person.
    package var reviewExpiry = Duration.seconds(24 * 3600)

    package init() {}
}
