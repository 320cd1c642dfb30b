/// The place of a text in a model's space of meanings, of length 1.
struct EmbeddingVector: Sendable, Equatable {
    let values: [Float]

    /// Nil for what has no direction: nothing, zeros, numbers that are none.
    init?(_ values: [Double]) {
        let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
        guard length.isFinite, length > 0 else { return nil }
        self.values = values.map { Float($0 / length) }
    }

    /// The cosine of the angle between two, from -1 to 1; nil for those of different models.
    func cosine(to other: EmbeddingVector) -> Float? {
        guard values.count == other.values.count else { return nil }
        return zip(values, other.values).reduce(0) { $0 + $1.0 * $1.1 }
    }
}
