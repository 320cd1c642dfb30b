import Networking

/// What sentences mean, remembered: callers say the same things, and a sentence still being said is looked at again and
/// again. One for the process.
package final class SentenceMeanings: Sendable {
    let dimensions: Int
    private let encoder: any SentenceEncoder
    private let known = Lock(Known())
    /// Of each of two generations, so that twice as many are kept at most: some 20 MB.
    private let limit: Int

    /// The sentences asked for since the older ones were forgotten, and those before.
    private struct Known {
        var recent: [[String]: [Float]] = [:]
        var older: [[String]: [Float]] = [:]
    }

    /// - Parameter limit: sentences after which those that were not asked for again are forgotten.
    package init(_ encoder: any SentenceEncoder, limit: Int = 6_000) {
        self.encoder = encoder
        self.limit = limit
        dimensions = encoder.dimensions
    }

    /// The vector of a sentence; nil when the model failed.
    ///
    /// - Parameters:
    ///   - words: as in ``IntentExample/words``.
    ///   - remembers: whether they may be kept: what a caller says of a card may not.
    func vector(of words: [String], remembers: Bool = true) -> [Float]? {
        remembers ? vectors(of: [words])?.first : encoder.vectors(of: [Self.text(words)])?.first
    }

    /// The vectors of many sentences; nil when the model failed.
    func vectors(of sentences: [[String]]) -> [[Float]]? {
        var vectors = known.withLock { known in sentences.map { known.recent[$0] ?? known.older[$0] } }
        let missing = vectors.indices.filter { vectors[$0] == nil }
        if !missing.isEmpty {
            guard let made = encoder.vectors(of: missing.map { Self.text(sentences[$0]) }) else { return nil }
            for (index, vector) in zip(missing, made) { vectors[index] = vector }
        }
        known.withLock { known in
            for (sentence, vector) in zip(sentences, vectors) {
                if known.recent.count >= limit { known = Known(recent: [:], older: known.recent) }
                known.recent[sentence] = vector
            }
        }
        return vectors.compactMap { $0 }
    }

    private static func text(_ words: [String]) -> String { IntentNeighbours.spelled(words).joined(separator: " ") }
}
