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
}
