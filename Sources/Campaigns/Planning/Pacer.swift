package import Foundation

/// How many calls may begin now: a bucket for the calls of a second, a ramp for those at a time, and a breaker that opens
/// when too many of the last attempts failed. A value with time as an argument.
package struct Pacer: Sendable {
    private let policy: PacingPolicy
    private let started: Date
    private var bucket: TokenBucket
    private var recent: [Bool] = []
    /// Why no more calls are placed until somebody looks at it.
    package private(set) var tripped: String?

    /// - Parameter started: when the ramp began.
    package init(_ policy: PacingPolicy, started: Date) {
        self.policy = policy
        self.started = started
        bucket = TokenBucket(rate: policy.callsPerSecond)
    }

    /// Calls at a time that the ramp allows by now, at least 1.
    package func concurrency(_ now: Date) -> Int {
        let ramp = policy.ramp / .seconds(1)
        guard ramp > 0 else { return policy.concurrency }
        let share = min(max(now.timeIntervalSince(started) / ramp, 0), 1)
        return max(1, Int((Double(policy.concurrency) * share).rounded(.down)))
    }

    /// How many calls may begin now.
    ///
    /// - Parameter live: calls that are being placed or held.
    package mutating func allowance(_ now: Date, live: Int) -> Int {
        guard tripped == nil else { return 0 }
        return max(0, min(bucket.available(now), concurrency(now) - live))
    }

    package mutating func placed(_ now: Date) { bucket.take(now) }

    package mutating func ended(_ outcome: AttemptOutcome) {
        recent.append(outcome.isFailure)
        if recent.count > policy.breakerWindow { recent.removeFirst() }
        let failures = recent.count(where: { $0 })
        guard recent.count == policy.breakerWindow,
            Double(failures) >= Double(policy.breakerWindow) * policy.breakerShare
        else { return }
        tripped = "\(failures) of the last \(recent.count) attempts failed"
    }

    /// When it is worth asking again while no call ends; nil when only an end helps.
    package func nextChance(_ now: Date, live: Int) -> Date? {
        guard tripped == nil else { return nil }
        guard concurrency(now) > live else {
            // The ramp opens in steps.
            let ramp = policy.ramp / .seconds(1)
            guard live < policy.concurrency, ramp > 0 else { return nil }
            return max(now + 1, started + ramp * Double(live + 1) / Double(policy.concurrency))
        }
        return bucket.next(after: now)
    }
}
