/// A passage that was found, and how well it fits what was asked.
package struct RankedPassage: Sendable, Equatable {
    package var passage: Passage
    /// The higher the better; to be compared only with others of the same search.
    package var score: Double

    package init(passage: Passage, score: Double) {
        self.passage = passage
        self.score = score
    }
}
