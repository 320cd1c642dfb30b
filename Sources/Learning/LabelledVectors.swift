/// Vectors with labels, asked which labels have some near a given one.
package struct LabelledVectors: Sendable {
    /// Dimension by dimension, so that the innermost loop runs over the vectors.
    private let elements: [Float]
    private let labels: [Int]
    private let dimensions: Int
    private let labelCount: Int

    /// - Precondition: every row has `dimensions` numbers and a label in `0..<labelCount`.
    package init(_ rows: [DenseRegression.Row], dimensions: Int, labelCount: Int) {
        precondition(
            rows.allSatisfy { $0.vector.count == dimensions && (0..<labelCount).contains($0.label) }, "rows that fit")
        labels = rows.map(\.label)
        self.dimensions = dimensions
        self.labelCount = labelCount
        var elements = [Float](repeating: 0, count: rows.count * dimensions)
        for (index, row) in rows.enumerated() {
            for place in 0..<dimensions { elements[place * rows.count + index] = row.vector[place] }
        }
        self.elements = elements
    }

    /// For each label the mean product with its `count` nearest vectors, or with all of them where they are fewer; 0 for a
    /// label without any. For vectors of length 1 that is -1...1.
    package func nearness(to vector: [Float], count: Int) -> [Float] {
        precondition(vector.count == dimensions, "a vector that fits")
        let products = products(with: vector)
        var nearest = [[Float]](repeating: [], count: labelCount)
        for (index, label) in labels.enumerated() {
            let product = products[index]
            if nearest[label].count == count {
                guard let least = nearest[label].last, product > least else { continue }
                nearest[label].removeLast()
            }
            nearest[label].insert(product, at: nearest[label].firstIndex { $0 < product } ?? nearest[label].count)
        }
        return nearest.map { $0.isEmpty ? 0 : $0.reduce(0, +) / Float($0.count) }
    }

    private func products(with vector: [Float]) -> [Float] {
        let count = labels.count
        var result = [Float](repeating: 0, count: count)
        // SAFETY: there are `count` elements for each of the vector's numbers.
        unsafe result.withUnsafeMutableBufferPointer { result in
            unsafe elements.withUnsafeBufferPointer { elements in
                for place in 0..<dimensions {
                    let (value, base) = (vector[place], place * count)
                    for index in 0..<count { unsafe result[index] += value * elements[base + index] }
                }
            }
        }
        return result
    }
}
