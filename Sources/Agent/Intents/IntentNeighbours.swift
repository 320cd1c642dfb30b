/// Tells for each intent how near its nearest example is in meaning.
///
/// Nothing is learned here: it is the part of understanding that holds for wordings nobody has thought of.
struct IntentNeighbours: Sendable {
    /// All vectors, one behind the other.
    private let vectors: [Float]
    /// For each vector its label's place.
    private let labels: [Int]
    private let labelCount: Int

    init(_ examples: [(words: [String], label: Int)], labelCount: Int) {
        vectors = examples.flatMap { WordVectors.shared.vector(of: Self.spelled($0.words)) }
        labels = examples.map(\.label)
        self.labelCount = labelCount
    }

    /// The cosine of the nearest example of each label, -1...1; 0 for a label without examples.
    func nearest(to words: [String]) -> [Double] {
        let vector = WordVectors.shared.vector(of: Self.spelled(words))
        var nearest = [Float](repeating: -1, count: labelCount)
        for (index, label) in labels.enumerated() {
            let start = index * WordVectors.dimensions
            var product: Float = 0
            for place in 0..<WordVectors.dimensions { product += vector[place] * vectors[start + place] }
            if product > nearest[label] { nearest[label] = product }
        }
        return nearest.map { $0 == -1 ? 0 : Double($0) }
    }

    /// Values as words, so that a sentence with one is near to sentences with another.
    private static func spelled(_ words: [String]) -> [String] {
        words.flatMap { values[$0] ?? [$0.hasPrefix("<") ? String($0.dropFirst().dropLast()) : $0] }
    }

    private static let values = [
        "<date>": ["tuesday"], "<time>": ["three", "o'clock"], "<name>": ["peter", "miller"],
        "<phone>": ["five", "five", "five", "one", "two"], "<number>": ["seventy"],
    ]
}
