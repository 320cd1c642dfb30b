package import Foundation

/// How many calls may begin now: a bucket for the calls of a second, a ramp for those at a time, a target for those that are
/// answered at the same time, and a breaker that opens when too many of the last attempts failed. A value with time as an
/// argument.
package struct Pacer: Sendable {
    /// What is under way.
    package struct Load: Sendable, Equatable {
        /// Calls that are being placed or held.
        package var live: Int
        /// Those of them that somebody or something has answered; looked at where there is a target.
        package var answered: Int
        /// How those who answered have fared; looked at where there is a target.
        package var abandonment: AbandonmentRate

        package init(live: Int, answered: Int = 0, abandonment: AbandonmentRate = AbandonmentRate()) {
            self.live = live
            self.answered = answered
            self.abandonment = abandonment
        }
    }

    private let policy: PacingPolicy
    private var started: Date
    private var bucket: TokenBucket
    private var recent: [Bool] = []
    private var answers = AnswerRate()
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
    package mutating func allowance(_ now: Date, _ load: Load) -> Int {
        guard tripped == nil else { return 0 }
        // A clock that was set back begins the ramp anew, instead of holding it at its foot until it has caught up.
        started = min(started, now)
        return max(0, min(bucket.available(now), concurrency(now) - load.live, room(now, load)))
    }

    /// As ``allowance(_:_:)``, where there is no target.
    package mutating func allowance(_ now: Date, live: Int) -> Int { allowance(now, Load(live: live)) }

    /// How many calls may begin until as many are answered at the same time as the policy wants: of those that ring, the share
    /// that was answered lately is counted with those that are.
    ///
    /// The nearer the campaign is to its limit of abandoned calls, the more of the calls that ring count as answered; at the
    /// limit each does, and the gate lets none through besides.
    private func room(_ now: Date, _ load: Load) -> Int {
        guard let target = policy.targetAnswered else { return .max }
        let seen = answers.share(at: now)
        let caution = min(1, load.abandonment.share / policy.abandonmentLimit)
        let share = seen + (1 - seen) * caution
        let answered = min(load.answered, load.live)
        // A little short of one is one: quotients of tenths are never exact.
        let wanted = (Double(target - answered) / share + 1e-6).rounded(.down)
        return max(0, Int(wanted) - (load.live - answered))
    }

    package mutating func placed(_ now: Date) { bucket.take(now) }

    package mutating func ended(_ outcome: AttemptOutcome, at now: Date) {
        // What never rang says nothing of who answers.
        if outcome.counts { answers.note(isAnswered: outcome.isAnswered, at: now) }
        recent.append(outcome.isFailure)
        if recent.count > policy.breakerWindow { recent.removeFirst() }
        let failures = recent.count(where: { $0 })
        guard recent.count == policy.breakerWindow,
            Double(failures) >= Double(policy.breakerWindow) * policy.breakerShare
        else { return }
        tripped = "\(failures) of the last \(recent.count) attempts failed"
    }

    /// When it is worth asking again while no call ends; nil when only an end helps.
    package func nextChance(_ now: Date, _ load: Load) -> Date? {
        let live = load.live
        // With time alone fewer calls are wanted, never more: what was seen is forgotten.
        guard tripped == nil, room(now, load) > 0 else { return nil }
        guard concurrency(now) > live else {
            // The ramp opens in steps.
            let ramp = policy.ramp / .seconds(1)
            guard live < policy.concurrency, ramp > 0 else { return nil }
            return max(now + 1, started + ramp * Double(live + 1) / Double(policy.concurrency))
        }
        return bucket.next(after: now)
    }

    /// As ``nextChance(_:_:)``, where there is no target.
    package func nextChance(_ now: Date, live: Int) -> Date? { nextChance(now, Load(live: live)) }
}
