/// Vectors of texts that were asked for before; the oldest are forgotten. A value.
struct EmbeddingCache: Sendable {
    private var vectors: [String: EmbeddingVector] = [:]
    private var order: [String] = []
    private let capacity: Int

    /// - Parameter capacity: texts; a vector of 1,536 numbers takes 6 kB.
    init(capacity: Int = 4096) { self.capacity = capacity }

    subscript(text: String) -> EmbeddingVector? { vectors[text] }

    mutating func keep(_ vector: EmbeddingVector, of text: String) {
        if vectors.updateValue(vector, forKey: text) == nil { order.append(text) }
        if order.count > capacity { vectors[order.removeFirst()] = nil }
    }
}
