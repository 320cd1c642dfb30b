import Foundation

/// The probability that the words recognized are those that were said, and that they are the task's.
///
/// Logistic regressions on ``UtteranceEvidence``, fitted by `Benchmarks/confidence/fit.py` on the tuning recordings, those
/// for two recognizers also on 191 others: words heard with at most a quarter of errors against all else, under no noise and
/// noise of 20 and 10 dB. How much better any phones in any order would fit the sound was tried as evidence, and added nothing.
enum ConfidenceModel {
    /// Less sure than this, the speech is taken to be none of the task's.
    static let outOfTaskBelow = 0.1

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
        return ((ofTask * right(evidence, second)).squareRoot(), ofTask < outOfTaskBelow)
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
        var sum = 0.7538
        sum += 0.2454 * first.acoustic
        sum += -0.2429 * first.path
        sum += 0.2367 * first.meanWord
        sum += 0.2936 * first.weakestWord
        sum += -0.0397 * first.language
        sum += -9.128 * first.strangeShare
        sum += 0.6266 * first.backedOffShare
        sum += 0.1946 * min(first.words, 6)
        sum += 0.7332 * second.sound
        sum += 0.651 * second.language
        sum += 5.752 * second.agreement
        sum += -3.2636 * second.unknownShare
        sum += -3.5038 * second.strangeShare
        sum += 0.2 * second.lead
        sum += -0.4109 * min(second.words, 6)
        return 1 / (1 + exp(-sum))
    }

    /// That the words were said, whatever they are about.
    private static func right(_ first: UtteranceEvidence, _ second: SecondEvidence) -> Double {
        var sum = -0.7005
        sum += 0.2929 * first.acoustic
        sum += -0.1058 * first.path
        sum += -0.8613 * first.meanWord
        sum += 0.7447 * first.weakestWord
        sum += -0.4062 * first.language
        sum += -1.1894 * first.strangeShare
        sum += -0.3334 * first.backedOffShare
        sum += 0.3578 * min(first.words, 6)
        sum += 1.6488 * second.sound
        sum += 0.194 * second.language
        sum += 4.3882 * second.agreement
        sum += -0.7419 * second.unknownShare
        sum += 2.1001 * second.strangeShare
        sum += 0.2876 * second.lead
        sum += -0.3619 * min(second.words, 6)
        return 1 / (1 + exp(-sum))
    }
}
