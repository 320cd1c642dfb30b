/// How callees behave in a rehearsal: chances and lengths, the same for the same seed. The numbers are assumptions, named
/// in the report, and no forecast.
package struct CalleeModel: Sendable, Equatable, Codable {
    /// Shares of the attempts, adding up to 1 with no answer as the rest.
    package var talks = 0.30
    package var hangsUpEarly = 0.05
    package var optsOut = 0.01
    package var machine = 0.25
    package var busy = 0.05
    package var fails = 0.02
    /// Seconds.
    package var shortestTalk = 20.0
    package var longestTalk = 120.0
    /// Until somebody or something answers, seconds.
    package var shortestRing = 4.0
    package var longestRing = 18.0

    package init() {}

    package struct Behaviour: Sendable, Equatable {
        package var outcome: AttemptOutcome
        /// From the request to the end of the call, seconds.
        package var length: Double
        /// From the answer to the end of the call, seconds; 0 where nobody and nothing answered.
        package var onLine = 0.0
    }

    /// What happens to one attempt.
    ///
    /// - Parameter ringTimeout: seconds.
    package func behaviour(contact: Int, attempt: Int, seed: UInt64, ringTimeout: Double) -> Behaviour {
        var chance = SplitMix(seed: seed &+ UInt64(truncatingIfNeeded: contact) &* 1_000_003 &+ UInt64(attempt))
        let ring = shortestRing + (longestRing - shortestRing) * chance.unit()
        let talk = shortestTalk + (longestTalk - shortestTalk) * chance.unit()
        var rest = chance.unit()
        let cases: [(Double, AttemptOutcome, Double, Double)] = [
            (talks, .reached, ring, talk), (hangsUpEarly, .hungUpEarly, ring, 4), (optsOut, .optedOut, ring, 12),
            (machine, .machine, ring, 8), (busy, .busy, 2, 0), (fails, .failed, 1, 0),
        ]
        for (share, outcome, before, onLine) in cases {
            if rest < share { return Behaviour(outcome: outcome, length: before + onLine, onLine: onLine) }
            rest -= share
        }
        return Behaviour(outcome: .noAnswer, length: ringTimeout)
    }
}
