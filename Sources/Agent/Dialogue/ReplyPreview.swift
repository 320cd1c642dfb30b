/// What a dialogue would make of the caller's words if they ended here. A value: nothing was said, called or remembered.
package struct ReplyPreview: Sendable, Equatable {
    package var completeness: TurnCompleteness
    /// The first sentence of the reply, where it does not depend on a tool.
    package var firstSentence: String?

    package init(completeness: TurnCompleteness, firstSentence: String? = nil) {
        self.completeness = completeness
        self.firstSentence = firstSentence
    }
}

/// Whether a caller who pauses has said all that the dialogue needs of this turn.
package enum TurnCompleteness: String, Sendable, Codable, CaseIterable {
    /// A whole answer to what was asked: there is nothing to wait for.
    case complete
    /// It may be all, but the caller could well go on: a wish without its details, or words that say nothing yet.
    case open
    /// None of the agent's business, as far as the words tell. It may all the same be all that is said.
    case beside
}
