import Agent
import CoreMetrics
import Logging
import Metrics
import Networking
import Store

/// Puts passages that were found by their words into the order of their meaning.
///
/// Without the model's answer in time their order stays, for a caller is waiting.
final class PassageRanker: Sendable {
    /// Passages that are looked at.
    static let candidates = 20
    private static let deadline = Duration.milliseconds(700)

    private let client: EmbeddingClient
    private let deadline: Duration
    private let cache = Lock(EmbeddingCache())
    private let logger: Logger
    private let outcomes: [Outcome: Counter]

    enum Outcome: String, CaseIterable { case ranked, late, failed }

    init(
        _ client: EmbeddingClient, deadline: Duration = deadline, logger: Logger,
        factory: any MetricsFactory = MetricsSystem.factory
    ) {
        self.client = client
        self.deadline = deadline
        self.logger = logger
        outcomes = Dictionary(
            uniqueKeysWithValues: Outcome.allCases.map {
                (
                    $0,
                    Counter(
                        label: "parley_knowledge_rankings_total", dimensions: [("outcome", $0.rawValue)],
                        factory: factory)
                )
            })
    }

    /// The passages with the cosine of each to the question, the nearest first; nil where that cannot be told, and where there
    /// is nothing to put into an order.
    func rank(_ passages: [Passage], for question: String) async -> [RankedPassage]? {
        guard passages.count > 1 else { return nil }
        let texts = passages.map { $0.heading.isEmpty ? $0.text : "\($0.heading)\n\($0.text)" }
        do throws(EmbeddingClient.Failure) {
            let vectors = try await vectors(of: [question] + texts)
            outcomes[.ranked]?.increment()
            return Self.rank(passages, by: vectors)
        } catch {
            outcomes[error.isLate ? .late : .failed]?.increment()
            logger.info("passages stay in the order of their words", metadata: ["reason": "\(error)"])
            return nil
        }
    }

    /// Those known, and the others by one request.
    private func vectors(of texts: [String]) async throws(EmbeddingClient.Failure) -> [EmbeddingVector] {
        let known = cache.withLock { cache in texts.map { cache[$0] } }
        let unknown = texts.indices.filter { known[$0] == nil }
        guard !unknown.isEmpty else { return known.compactMap(\.self) }
        let asked = unknown.map { texts[$0] }
        let fresh = try await client.vectors(of: asked, within: deadline)
        cache.withLock { cache in
            for (text, vector) in zip(asked, fresh) { cache.keep(vector, of: text) }
        }
        var all = known
        for (index, vector) in zip(unknown, fresh) { all[index] = vector }
        return all.compactMap(\.self)
    }

    /// - Parameter vectors: of the question, then of each passage.
    static func rank(_ passages: [Passage], by vectors: [EmbeddingVector]) -> [RankedPassage]? {
        guard let question = vectors.first, vectors.count == passages.count + 1 else { return nil }
        let scores = vectors.dropFirst().map { $0.cosine(to: question) ?? -1 }
        // Equal ones keep the order of their words.
        return passages.indices.sorted { (scores[$0], $1) > (scores[$1], $0) }
            .map { RankedPassage(passage: passages[$0], score: Double(scores[$0])) }
    }
}
