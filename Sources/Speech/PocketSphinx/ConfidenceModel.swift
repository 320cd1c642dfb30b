import Foundation

/// The probability that the words recognized are those that were said, and that they are the task's.
///
/// Logistic regressions on ``UtteranceEvidence``, fitted by `Benchmarks/confidence/fit.py` on the tuning recordings, those
/// for two recognizers also on 455 others: words heard with at most a quarter of errors against all else, under no noise and
/// noise of 20 and 10 dB. How much better any phones in any order would fit the sound was tried as evidence, and added nothing.
enum ConfidenceModel {
    /// Less sure than this, the speech is taken to be none of the task's: one recognizer alone knows little else than the
    /// task's words, and hears them in anything.
    static let outOfTaskBelow = 0.1
    /// Likewise of two: what they agree upon may be a wording that no example has, which is for the agent to tell.
    static let outOfTaskOfTwoBelow = 0.02

    /// As sure as this of its own words, the first recognizer needs no second one.
    static let sureFrom = 0.85

    /// How sure the words are, and whether they are taken to be none of the task's.
    static func judge(_ evidence: UtteranceEvidence) -> (confidence: Double, isOutOfTask: Bool) {
        guard let second = evidence.second else {
            let confidence = alone(evidence)
            return (confidence, confidence < outOfTaskBelow)
        }
        // Two recognizers hear other speech as well as the task's: that words are right does not say whose they are.
        let ofTask = ofTask(evidence, second)
        return ((ofTask * right(evidence, second)).squareRoot(), ofTask < outOfTaskOfTwoBelow)
    }

    /// Of the first recognizer's words, heard once.
    private static func alone(_ evidence: UtteranceEvidence) -> Double {
        var sum = 0.5908
        sum += 0.4113 * evidence.acoustic
        sum += 0.1896 * evidence.path
        sum += 3.3314 * evidence.meanWord
        sum += 1.4368 * evidence.weakestWord
        sum += 0.4139 * evidence.language
        sum += -8.1515 * evidence.strangeShare
        sum += -1.9644 * evidence.backedOffShare
        sum += -0.4193 * min(evidence.words, 6)
        sum += -0.0185 * evidence.framesPerWord
        sum += 6.3875 * evidence.filled
        sum += -0.0209 * evidence.contrast
        return 1 / (1 + exp(-sum))
    }

    /// That two recognizers agreed upon words of the task which were said. `first` is the evidence for the first one's own.
    private static func ofTask(_ first: UtteranceEvidence, _ second: SecondEvidence) -> Double {
        var sum = 2.8948
        sum += 0.2261 * first.acoustic
        sum += 0.1268 * first.path
        sum += -0.5803 * first.meanWord
        sum += 0.3055 * first.weakestWord
        sum += -0.0445 * first.language
        sum += -2.6272 * first.strangeShare
        sum += 0.8807 * first.backedOffShare
        sum += 0.2345 * min(first.words, 6)
        sum += 1.2074 * second.sound
        sum += 0.4647 * second.language
        sum += 4.1129 * second.agreement
        sum += -3.1361 * second.unknownShare
        sum += -3.3648 * second.strangeShare
        sum += 0.0942 * second.lead
        sum += -0.459 * min(second.words, 6)
        return 1 / (1 + exp(-sum))
    }

    /// That the words were said, whatever they are about.
    private static func right(_ first: UtteranceEvidence, _ second: SecondEvidence) -> Double {
        var sum = 1.2174
        sum += 0.0852 * first.acoustic
        sum += 0.0511 * first.path
        sum += -1.7052 * first.meanWord
        sum += 1.5714 * first.weakestWord
        sum += -0.3216 * first.language
        sum += -0.1836 * first.strangeShare
        sum += -0.7997 * first.backedOffShare
        sum += 0.3181 * min(first.words, 6)
        sum += 2.0431 * second.sound
        sum += 0.2576 * second.language
        sum += 3.846 * second.agreement
        sum += -0.9479 * second.unknownShare
        sum += 1.6877 * second.strangeShare
        sum += 0.1649 * second.lead
        sum += -0.4411 * min(second.words, 6)
        return 1 / (1 + exp(-sum))
    }
}
