import Foundation

/// How well intents are told apart, measured on examples that were held out while learning.
package struct IntentCrossValidation: Sendable {
    /// Sorted, `none` last.
    package let labels: [String]
    /// Divides logits so that probabilities fit the observed frequencies.
    package let temperature: Double
    /// Share of held-out examples whose most probable label was right, 0...1.
    package let accuracy: Double
    /// Mean distance between stated probability and observed frequency over ten bins, 0...1.
    package let calibrationError: Double
    /// `confusion[actual][predicted]`, in the order of ``labels``.
    package let confusion: [[Int]]
    /// The held-out examples that were taken for something else, with what they were taken for.
    package let mistakes: [(example: IntentExample, takenFor: String)]

    /// Holds out each of `folds` parts in turn. Sentences outside the task are held out, too.
    ///
    /// Examples that share their rarest word are held out together, so that what is measured is a wording that nobody has
    /// thought of, not one of many variations.
    ///
    /// - Parameters:
    ///   - limit: how many examples are measured at most; all are learned from.
    ///   - meanings: what sentences mean, where there is a model for it.
    package init(
        examples: [IntentExample], folds: Int, limit: Int = .max, meanings: SentenceMeanings? = nil
    ) {
        let all =
            examples
            + OutOfTask.sentences(besides: examples).map { IntentExample(intent: IntentClassifier.none, words: $0) }
        let labels = Set(examples.map(\.intent)).subtracting([IntentClassifier.none]).sorted() + [IntentClassifier.none]
        let columns = Dictionary(uniqueKeysWithValues: labels.enumerated().map { ($1, $0) })
        var order = Array(all.indices)
        var random = SeededGenerator(seed: 0xf01d)
        order.shuffle(using: &random)

        var results: [(example: IntentExample, logits: [Double], actual: Int)] = []
        let parts = Self.parts(of: all, folds: folds)
        for fold in 0..<folds {
            let heldOut = order.filter { parts[$0] == fold }
            let kept = order.filter { parts[$0] != fold }.map { all[$0] }
            let classifier = IntentClassifier(training: kept, temperature: 1, meanings: meanings)
            for index in heldOut.prefix(max(1, limit / folds)) {
                let logits = classifier.logits(of: all[index].words)
                // An intent whose few examples are all held out has no column in this fold.
                guard classifier.labels == labels, let actual = columns[all[index].intent] else { continue }
                results.append((all[index], logits, actual))
            }
        }

        let temperature = Self.bestTemperature(results.map { ($0.logits, $0.actual) })
        var confusion = [[Int]](repeating: [Int](repeating: 0, count: labels.count), count: labels.count)
        var bins = CalibrationBins()
        var mistakes: [(IntentExample, String)] = []
        for result in results {
            let probabilities = IntentClassifier.softmax(result.logits, temperature: temperature)
            let best = probabilities.indices.max { probabilities[$0] < probabilities[$1] } ?? 0
            confusion[result.actual][best] += 1
            bins.add(stated: probabilities[best], isRight: best == result.actual)
            if best != result.actual { mistakes.append((result.example, labels[best])) }
        }
        let total = Double(max(1, results.count))
        self.labels = labels
        self.temperature = temperature
        self.confusion = confusion
        self.mistakes = mistakes
        accuracy = Double(results.count - mistakes.count) / total
        calibrationError = bins.error
    }

    /// The confusion as text, one row per actual label; empty cells are dots.
    package var table: String {
        let width = (labels.map(\.count).max() ?? 0) + 1
        let head = String(repeating: " ", count: width) + labels.indices.map { Self.cell("\($0)") }.joined()
        let rows = labels.indices.map { actual in
            let name = labels[actual] + String(repeating: " ", count: width - labels[actual].count)
            return name + confusion[actual].map { Self.cell($0 == 0 ? "." : "\($0)") }.joined() + "  (\(actual))"
        }
        return ([head] + rows).joined(separator: "\n")
    }

    private static func cell(_ text: String) -> String {
        String(repeating: " ", count: max(1, 5 - text.count)) + text
    }

    /// For each example the part it is in.
    private static func parts(of examples: [IntentExample], folds: Int) -> [Int] {
        var counts: [String: Int] = [:]
        for example in examples { for word in Set(example.words) { counts[word, default: 0] += 1 } }
        return examples.map { example in
            let rarest = example.words.min { (counts[$0, default: 0], $0) < (counts[$1, default: 0], $1) } ?? ""
            // FNV-1a; Swift's own hash differs from run to run.
            let hash = rarest.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
            return Int(hash >> 8) % folds
        }
    }

    /// Golden-section search for the temperature with the smallest negative log-likelihood.
    private static func bestTemperature(_ results: [(logits: [Double], actual: Int)]) -> Double {
        guard !results.isEmpty else { return 1 }
        func loss(_ temperature: Double) -> Double {
            results.reduce(0) { sum, result in
                let probability = IntentClassifier.softmax(result.logits, temperature: temperature)[result.actual]
                return sum - log(max(probability, 1e-12))
            }
        }
        let ratio = (5.0.squareRoot() - 1) / 2
        var (low, high) = (0.2, 5.0)
        for _ in 0..<18 {
            let (left, right) = (high - ratio * (high - low), low + ratio * (high - low))
            if loss(left) < loss(right) { high = right } else { low = left }
        }
        return (low + high) / 2
    }
}
