import Store

/// What an agent is given that looks something up.
struct KnowledgeSearch: Sendable {
    /// What put the passages into their order.
    enum Order: String, Sendable, Encodable {
        /// How their words fit.
        case words
        /// How near they are in meaning.
        case meaning
    }

    struct Answer: Sendable {
        let order: Order
        /// The best first.
        let passages: [RankedPassage]
    }

    let store: Store
    /// Nil where passages stay in the order of their words.
    var ranker: PassageRanker?

    /// Passages of an answer.
    private static let passages = 4

    /// The passages for a question; none where no document says anything about it.
    func passages(about question: String) async throws(StoreError) -> Answer {
        let found = try await store.rankedPassages(
            about: question, limit: ranker == nil ? Self.passages : PassageRanker.candidates)
        if let ranked = await ranker?.rank(found.map(\.passage), for: question) {
            return Answer(order: .meaning, passages: Array(ranked.prefix(Self.passages)))
        }
        return Answer(order: .words, passages: Array(found.prefix(Self.passages)))
    }
}
