import Glibc

/// Multinomial logistic regression over dense vectors: tells from a sentence's vector what is meant by it.
///
/// Trained by stochastic gradient descent with momentum; the same rows in the same order with the same chance give the same.
package struct DenseRegression: Sendable {
    /// One vector with the label that it stands for.
    package struct Row: Sendable {
        package var vector: [Float]
        package var label: Int

        package init(vector: [Float], label: Int) {
            self.vector = vector
            self.label = label
        }
    }

    /// How it is learned; the standard values suit vectors of length 1.
    package struct Training: Sendable {
        /// Times that every row is seen, 1 or more.
        package var epochs = 14
        /// At the beginning; falls to 0 in a line.
        package var rate: Float = 5
        /// What holds weights small, per step.
        package var decay: Float = 3e-5
        /// Rows per step.
        package var batch = 16
        package var momentum: Float = 0.9

        package init() {}
    }

    package let dimensions: Int
    package let labelCount: Int
    /// One row for each dimension and one for the bias, one column for each label.
    private var weights: [Float]

    /// The bias is learned as a dimension of this value: less than a vector's length, so that it explains little.
    private static let bias: Float = 0.2

    /// Learns.
    ///
    /// - Precondition: every row has `dimensions` numbers and a label in `0..<labelCount`.
    package init(
        _ rows: [Row], dimensions: Int, labelCount: Int, training: Training = Training(),
        using random: inout some RandomNumberGenerator
    ) {
        precondition(
            rows.allSatisfy { $0.vector.count == dimensions && (0..<labelCount).contains($0.label) }, "rows that fit")
        self.dimensions = dimensions
        self.labelCount = labelCount
        weights = [Float](repeating: 0, count: (dimensions + 1) * labelCount)
        guard !rows.isEmpty, labelCount > 1 else { return }
        var speed = weights
        var gradient = weights
        var errors = [Float](repeating: 0, count: labelCount)
        var order = Array(rows.indices)
        let stepCount = training.epochs * ((rows.count + training.batch - 1) / training.batch)
        var step = 0
        for _ in 0..<training.epochs {
            order.shuffle(using: &random)
            for start in stride(from: 0, to: order.count, by: training.batch) {
                let batch = order[start..<min(start + training.batch, order.count)]
                unsafe gradient.withUnsafeMutableBufferPointer { unsafe $0.update(repeating: 0) }
                for index in batch {
                    logits(of: rows[index].vector, into: &errors)
                    Self.turnIntoErrors(&errors, label: rows[index].label)
                    Self.add(rows[index].vector, errors, to: &gradient)
                }
                let rate = training.rate * (1 - Float(step) / Float(stepCount))
                descend(
                    gradient, &speed, share: 1 / Float(batch.count), rate: rate, decay: training.decay,
                    momentum: training.momentum)
                step += 1
            }
        }
    }

    /// One number for each label, the larger the likelier.
    package func logits(of vector: [Float]) -> [Float] {
        precondition(vector.count == dimensions, "a vector that fits")
        var result = [Float](repeating: 0, count: labelCount)
        logits(of: vector, into: &result)
        return result
    }

    private func logits(of vector: [Float], into result: inout [Float]) {
        let (dimensions, labelCount) = (dimensions, labelCount)
        // SAFETY: the counts of all three were checked when this was made.
        unsafe weights.withUnsafeBufferPointer { weights in
            unsafe result.withUnsafeMutableBufferPointer { result in
                for label in 0..<labelCount {
                    unsafe result[label] = weights[dimensions * labelCount + label] * Self.bias
                }
                unsafe vector.withUnsafeBufferPointer { vector in
                    for place in 0..<dimensions {
                        let (value, base) = unsafe (vector[place], place * labelCount)
                        for label in 0..<labelCount { unsafe result[label] += value * weights[base + label] }
                    }
                }
            }
        }
    }

    /// Probabilities less the truth, out of logits.
    private static func turnIntoErrors(_ logits: inout [Float], label: Int) {
        let largest = logits.max() ?? 0
        var sum: Float = 0
        for index in logits.indices {
            logits[index] = expf(logits[index] - largest)
            sum += logits[index]
        }
        for index in logits.indices { logits[index] /= sum }
        logits[label] -= 1
    }

    private static func add(_ vector: [Float], _ errors: [Float], to gradient: inout [Float]) {
        let count = errors.count
        // SAFETY: the gradient has a row of `errors.count` for each number of the vector, and one more.
        unsafe gradient.withUnsafeMutableBufferPointer { gradient in
            unsafe errors.withUnsafeBufferPointer { errors in
                for place in vector.indices {
                    let (value, base) = (vector[place], place * count)
                    for label in 0..<count { unsafe gradient[base + label] += value * errors[label] }
                }
                let base = vector.count * count
                for label in 0..<count { unsafe gradient[base + label] += bias * errors[label] }
            }
        }
    }

    private mutating func descend(
        _ gradient: [Float], _ speed: inout [Float], share: Float, rate: Float, decay: Float, momentum: Float
    ) {
        let count = weights.count
        // SAFETY: all three have as many numbers.
        unsafe weights.withUnsafeMutableBufferPointer { weights in
            unsafe speed.withUnsafeMutableBufferPointer { speed in
                unsafe gradient.withUnsafeBufferPointer { gradient in
                    for place in 0..<count {
                        unsafe speed[place] =
                            momentum * speed[place] + gradient[place] * share + decay * weights[place]
                        unsafe weights[place] -= rate * speed[place]
                    }
                }
            }
        }
    }
}
