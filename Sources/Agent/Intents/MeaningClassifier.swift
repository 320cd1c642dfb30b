import Learning

/// What a sentence model adds to the understanding of one agent: how much a sentence means each of its intents, learned
/// from the examples' vectors, and how near it is to them.
struct MeaningClassifier: Sendable {
    private let meanings: SentenceMeanings
    private let regression: DenseRegression
    private let examples: LabelledVectors

    /// Examples of one intent that are learned from; a flow with many values has hundreds that differ in nothing else.
    private static let exampleLimit = 200
    /// What one of nearness adds to a logit, and how many neighbours it is the mean of. Chosen by cross-validation of the
    /// training lines of `Benchmarks/intents`.
    private static let (nearnessWeight, neighbourCount) = (20.0, 3)

    /// Learns; nil when the model failed.
    ///
    /// - Parameter examples: sentences with the places of their labels, those outside the task among them.
    init?(_ examples: [(words: [String], label: Int)], labelCount: Int, meanings: SentenceMeanings) {
        let chosen = Dictionary(grouping: examples, by: \.label).sorted { $0.key < $1.key }.flatMap { Self.spread($1) }
        guard let vectors = meanings.vectors(of: chosen.map(\.words)) else { return nil }
        let rows = zip(chosen, vectors).map { DenseRegression.Row(vector: $1, label: $0.label) }
        var random = SeededGenerator(seed: 0x5e17)
        regression = DenseRegression(
            rows, dimensions: meanings.dimensions, labelCount: labelCount, using: &random)
        self.examples = LabelledVectors(rows, dimensions: meanings.dimensions, labelCount: labelCount)
        self.meanings = meanings
    }

    /// What the meaning of a sentence adds to each label's logit; nil when the model failed.
    func logits(of words: [String], remembers: Bool) -> [Double]? {
        guard let vector = meanings.vector(of: words, remembers: remembers) else { return nil }
        let nearness = examples.nearness(to: vector, count: Self.neighbourCount)
        return zip(regression.logits(of: vector), nearness).map { Double($0) + Double($1) * Self.nearnessWeight }
    }

    /// As many as are learned from, taken evenly.
    private static func spread(_ examples: [(words: [String], label: Int)]) -> [(words: [String], label: Int)] {
        guard examples.count > exampleLimit else { return examples }
        return (0..<exampleLimit).map { examples[$0 * examples.count / exampleLimit] }
    }
}
