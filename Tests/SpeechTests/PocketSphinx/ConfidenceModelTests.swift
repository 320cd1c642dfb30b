import Testing

@testable import Speech

/// Only what must hold whatever the recordings that the model is fitted to.
@Suite("Confidence model")
struct ConfidenceModelTests {
    private static let poor = UtteranceEvidence(
        acoustic: -8, path: -6, meanWord: 0.15, weakestWord: 0.01, language: -9, strangeShare: 1,
        backedOffShare: 1, words: 2, framesPerWord: 12, filled: 0.3, contrast: 8)
    private static let good = UtteranceEvidence(
        acoustic: -2, path: -0.1, meanWord: 0.98, weakestWord: 0.95, language: -1,
        strangeShare: 0, backedOffShare: 0, words: 5, framesPerWord: 30, filled: 0.8, contrast: 40)

    /// As good as `share` of the way from the poor to the good.
    private static func between(_ share: Double) -> UtteranceEvidence {
        func mix(_ key: KeyPath<UtteranceEvidence, Double>) -> Double {
            poor[keyPath: key] + share * (good[keyPath: key] - poor[keyPath: key])
        }
        return UtteranceEvidence(
            acoustic: mix(\.acoustic), path: mix(\.path),
            meanWord: mix(\.meanWord), weakestWord: mix(\.weakestWord), language: mix(\.language),
            strangeShare: mix(\.strangeShare), backedOffShare: mix(\.backedOffShare), words: mix(\.words),
            framesPerWord: mix(\.framesPerWord), filled: mix(\.filled), contrast: mix(\.contrast))
    }

    @Test("is a probability for any evidence", arguments: [-50, -1, 0, 0.25, 0.5, 0.75, 1, 2, 50])
    func probability(share: Double) {
        #expect((0...1).contains(ConfidenceModel.judge(Self.between(share)).confidence))
    }

    @Test("does not fall as all the evidence gets better")
    func rises() {
        let confidences = stride(from: 0, through: 1, by: 0.1).map {
            ConfidenceModel.judge(Self.between($0)).confidence
        }
        #expect(zip(confidences, confidences.dropFirst()).allSatisfy { $0 <= $1 }, "\(confidences)")
    }

    @Test("good evidence is not taken for speech outside the task")
    func inTask() {
        #expect(!ConfidenceModel.judge(Self.good).isOutOfTask)
    }
}
