import Learning

/// Tells for each intent how near its nearest example is in meaning.
///
/// Nothing is learned here: it is the part of understanding that holds for wordings nobody has thought of.
struct IntentNeighbours: Sendable {
    private let vectors: LabelledVectors

    init(_ examples: [(words: [String], label: Int)], labelCount: Int) {
        let rows = examples.map {
            DenseRegression.Row(vector: WordVectors.shared.vector(of: Self.spelled($0.words)), label: $0.label)
        }
        vectors = LabelledVectors(rows, dimensions: WordVectors.dimensions, labelCount: labelCount)
    }

    /// The cosine of the nearest example of each label, -1...1; 0 for a label without examples.
    func nearest(to words: [String]) -> [Double] {
        vectors.nearness(to: WordVectors.shared.vector(of: Self.spelled(words)), count: 1).map { Double($0) }
    }

    /// Values as words, so that a sentence with one is near to sentences with another.
    static func spelled(_ words: [String]) -> [String] {
        words.flatMap { values[$0] ?? [$0.hasPrefix("<") ? String($0.dropFirst().dropLast()) : $0] }
    }

    private static let values = [
        "<date>": ["tuesday"], "<time>": ["three", "o'clock"], "<name>": ["peter", "miller"],
        "<phone>": ["five", "five", "five", "one", "two"], "<number>": ["seventy"],
    ]
}
