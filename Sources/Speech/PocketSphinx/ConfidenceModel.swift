import Foundation

/// The probability that the words recognized are those that were said, and that they are the task's.
///
/// A logistic regression on ``UtteranceEvidence``, fitted by `Benchmarks/confidence/fit.py` on the tuning recordings: words
/// of the task heard with at most a quarter of errors against all else, under no noise and noise of 20 and 10 dB.
/// How much better any phones in any order would fit the sound was tried as evidence, and added nothing.
enum ConfidenceModel {
    /// Less sure than this, the speech is taken to be none of the task's.
    static let outOfTaskBelow = 0.1

    static func confidence(_ evidence: UtteranceEvidence) -> Double {
        let sum = evidence.second.map { agreed(evidence, $0) } ?? alone(evidence)
        return 1 / (1 + exp(-sum))
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
        return sum
    }

    /// Of the words that two recognizers agreed upon. `first` is the evidence for the first one's own words.
    private static func agreed(_ first: UtteranceEvidence, _ second: SecondEvidence) -> Double {
        var sum = 2.844
        sum += 0.322 * first.acoustic
        sum += -0.1272 * first.path
        sum += -0.1333 * first.meanWord
        sum += 0.0229 * first.weakestWord
        sum += 0.0214 * first.language
        sum += -8.6105 * first.strangeShare
        sum += 0.5341 * first.backedOffShare
        sum += 0.2316 * min(first.words, 6)
        sum += 0.0179 * first.framesPerWord
        sum += -1.1902 * first.filled
        sum += -0.0077 * first.contrast
        sum += 0.823 * second.sound
        sum += 0.6682 * second.language
        sum += 5.6029 * second.agreement
        sum += -3.7096 * second.unknownShare
        sum += -3.3768 * second.strangeShare
        sum += 0.1746 * second.lead
        sum += -0.1295 * min(second.words, 6)
        sum += -0.8045 * second.rate
        return sum
    }
}
