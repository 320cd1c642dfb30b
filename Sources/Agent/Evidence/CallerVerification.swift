import Crypto
import Foundation

/// Whether a caller is who they say they are: compares what they said with what is known, a limited number of times. A value.
struct CallerVerification: Sendable, Equatable {
    enum Verdict: Sendable, Equatable {
        case verified
        case wrong(triesLeft: Int)
        /// No answer is looked at any more.
        case exhausted
    }

    private(set) var isVerified = false
    private(set) var triesLeft: Int

    init(tries: Int) { triesLeft = tries }

    /// Judges one try. Which of the answers is wrong is not told, and takes no other time than a right one.
    ///
    /// - Parameter pairs: what was said, and what is known; nil or empty where nothing is, which no answer matches.
    mutating func judge(_ pairs: [(said: String, known: String?)]) -> Verdict {
        guard triesLeft > 0 else { return .exhausted }
        if isVerified { return .verified }
        var differs: UInt8 = pairs.isEmpty ? 1 : 0
        for (said, known) in pairs {
            // What is not known is compared as well, with what nobody can say.
            let right = known.map(Self.plain) ?? ""
            differs |= Self.difference(Self.plain(said), right.isEmpty ? "\u{0}" : right)
        }
        guard differs == 0 else {
            triesLeft -= 1
            return triesLeft > 0 ? .wrong(triesLeft: triesLeft) : .exhausted
        }
        isVerified = true
        return .verified
    }

    /// Takes over what a try came to that another process has judged, on this very call of the carrier.
    mutating func recall(_ outcome: ToolOutcome) {
        switch outcome {
        case .result(let result): if result["verified"]?.bool == true { isVerified = true }
        case .failure(let error) where error.code == .conflict: triesLeft = max(0, triesLeft - 1)
        case .failure(let error) where error.code == .notFound: triesLeft = 0
        case .failure: break
        }
    }

    /// 0 for equal texts; digests of one length, each of their bytes looked at.
    private static func difference(_ a: String, _ b: String) -> UInt8 {
        zip(SHA256.hash(data: Data(a.utf8)), SHA256.hash(data: Data(b.utf8))).reduce(0) { $0 | ($1.0 ^ $1.1) }
    }

    /// Letters and figures only, so that "W1A 1AA" is "w1a1aa" and a number is the same with and without spaces.
    static func plain(_ text: String) -> String {
        String(text.lowercased().filter { $0.isLetter || $0.isNumber })
    }
}
