import Glibc

/// Multinomial logistic regression over features that are there or not, learned by AdaGrad (Duchi, Hazan and Singer, 2011).
///
/// A row's features share its weight: each counts by the square root of how many there are.
package struct SparseRegression: Sendable {
    /// What is there, with the label that it stands for.
    package struct Row: Sendable {
        package var features: [Int]
        package var label: Int

        package init(features: [Int], label: Int) {
            self.features = features
            self.label = label
        }
    }

    package let labelCount: Int
    /// One row per feature, one column per label.
    private var weights: [Float]

    private static let (epochs, rate, decay): (Int, Float, Float) = (12, 0.5, 0.0002)

    /// Learns.
    ///
    /// - Precondition: features are in `0..<featureCount`, and labels in `0..<labelCount`.
    package init(
        _ rows: [Row], featureCount: Int, labelCount: Int, using random: inout some RandomNumberGenerator
    ) {
        self.labelCount = labelCount
        weights = [Float](repeating: 0, count: featureCount * labelCount)
        var squares = [Float](repeating: 1e-4, count: featureCount * labelCount)
        var logits = [Float](repeating: 0, count: labelCount)
        var order = Array(rows.indices)
        for _ in 0..<Self.epochs {
            order.shuffle(using: &random)
            for index in order { learn(rows[index], &logits, &squares) }
        }
    }

    private mutating func learn(_ row: Row, _ logits: inout [Float], _ squares: inout [Float]) {
        let scale = 1 / Float(row.features.count).squareRoot()
        for label in 0..<labelCount { logits[label] = 0 }
        for feature in row.features {
            let base = feature * labelCount
            for label in 0..<labelCount { logits[label] += weights[base + label] * scale }
        }
        let largest = logits.max() ?? 0
        var sum: Float = 0
        for label in 0..<labelCount {
            logits[label] = expf(logits[label] - largest)
            sum += logits[label]
        }
        for label in 0..<labelCount {
            logits[label] = (logits[label] / sum - (label == row.label ? 1 : 0)) * scale
        }
        for feature in row.features {
            let base = feature * labelCount
            for label in 0..<labelCount {
                let gradient = logits[label] + Self.decay * weights[base + label]
                squares[base + label] += gradient * gradient
                weights[base + label] -= Self.rate * gradient / squares[base + label].squareRoot()
            }
        }
    }

    /// One number for each label, the larger the likelier.
    package func logits(of features: [Int]) -> [Double] {
        var logits = [Double](repeating: 0, count: labelCount)
        let scale = 1 / Double(features.count).squareRoot()
        for feature in features {
            for label in 0..<labelCount { logits[label] += Double(weights[feature * labelCount + label]) * scale }
        }
        return logits
    }
}
