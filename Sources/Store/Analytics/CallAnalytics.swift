package import Foundation

/// What became of the calls of a span of time, in numbers. Each is a count of calls that ``CallFilter`` finds again, or is made
/// of such.
package struct CallAnalytics: Sendable, Equatable, Encodable {
    /// Calls that began in a span.
    package struct Totals: Sendable, Equatable, Encodable {
        package internal(set) var calls = 0
        package internal(set) var ended = 0
        package internal(set) var contained = 0
        package internal(set) var transferred = 0
        package internal(set) var abandoned = 0
        package internal(set) var failed = 0
        package internal(set) var unreached = 0
        /// Whose goal was reached.
        package internal(set) var goals = 0
        /// Of all together, of those that have ended.
        package internal(set) var seconds = 0

        package init() {}
    }

    package struct Bucket: Sendable, Equatable, Encodable {
        /// Milliseconds since 1970.
        package internal(set) var since: Int
        package internal(set) var before: Int
        package internal(set) var totals = Totals()
        /// Calls at the same time, at most.
        package internal(set) var peak = 0
        /// Milliseconds since 1970: when they were that many for the first time; nil where there was none.
        package internal(set) var peakAt: Int?
    }

    /// A word and how many calls have it; nil are those that have none.
    package struct Count: Sendable, Equatable, Encodable {
        package internal(set) var word: String?
        package internal(set) var calls: Int
    }

    package struct Version: Sendable, Equatable, Encodable {
        package internal(set) var agent: String
        package internal(set) var version: String
        package internal(set) var totals: Totals
    }

    /// Percentiles, in steps: of milliseconds 10, of seconds 1.
    package struct Spread: Sendable, Equatable, Encodable {
        package internal(set) var count = 0
        package internal(set) var p50: Int?
        package internal(set) var p95: Int?
        package internal(set) var p99: Int?

        package init() {}

        init(_ distribution: Distribution) {
            count = distribution.count
            p50 = distribution.percentile(0.5)
            p95 = distribution.percentile(0.95)
            p99 = distribution.percentile(0.99)
        }
    }

    /// Calls at the same time.
    package struct Peak: Sendable, Equatable, Encodable {
        package internal(set) var calls: Int
        /// Milliseconds since 1970: when they were that many for the first time.
        package internal(set) var at: Int
    }

    package struct Cost: Sendable, Equatable, Encodable {
        package internal(set) var currency: String
        package internal(set) var calls: Int
        /// To a millionth.
        @DecimalText package internal(set) var total: Decimal?
    }

    /// A campaign that placed calls in the span.
    package struct Campaign: Sendable, Equatable, Encodable {
        package internal(set) var name: String
        /// Calls that were asked of the carrier.
        package internal(set) var attempts: Int
        /// Calls that were held, with whomever.
        package internal(set) var calls: Int
        package internal(set) var person: Int
        package internal(set) var talked: Int
        package internal(set) var goals: Int
    }

    /// How callers and agents took turns; see ``InteractionCounts``.
    package struct Interaction: Sendable, Equatable, Encodable {
        /// From the caller's last word to the agent's first, in milliseconds.
        package internal(set) var response = Spread()
        /// From the caller's first sound over the agent to its silence, in milliseconds.
        package internal(set) var yield = Spread()
        package internal(set) var asked = 0
        package internal(set) var answered = 0
        package internal(set) var bargeIns = 0
        package internal(set) var yielded = 0
        package internal(set) var backchannels = 0
        package internal(set) var tolerated = 0
        package internal(set) var agentStarts = 0
        package internal(set) var overCaller = 0

        package init() {}
    }

    /// What a scorecard made of the calls of one version of an agent.
    package struct Scorecard: Sendable, Equatable, Encodable {
        /// How one criterion stands, in calls.
        package struct Criterion: Sendable, Equatable, Encodable {
            package internal(set) var name: String
            package internal(set) var pass = 0
            package internal(set) var fail = 0
            /// Those on which there was nothing to judge by.
            package internal(set) var notApplicable = 0
            /// Those on which nobody has judged, or nothing was proven.
            package internal(set) var open = 0
            /// Of passes and failures, such as passed; nil where there are none.
            package internal(set) var rate: Double?
        }

        package internal(set) var agent: String
        package internal(set) var version: String
        package internal(set) var card: String
        /// Calls that have points.
        package internal(set) var calls: Int
        /// Of their points, 0...100; nil where no call has any.
        package internal(set) var mean: Double?
        /// By name.
        package internal(set) var criteria: [Criterion]
    }

    package internal(set) var totals = Totals()
    package internal(set) var buckets: [Bucket] = []
    /// What calls were for, the most frequent first.
    package internal(set) var outcomes: [Count] = []
    package internal(set) var endReasons: [Count] = []
    /// What calls were filed under, the most frequent first; a call that was filed under nothing is in none.
    package internal(set) var dispositions: [Count] = []
    package internal(set) var versions: [Version] = []
    /// Of calls that have ended, in seconds.
    package internal(set) var handling = Spread()
    package internal(set) var peak: Peak?
    package internal(set) var costs: [Cost] = []
    package internal(set) var campaigns: [Campaign] = []
    package internal(set) var interaction = Interaction()
    /// By agent, version and card.
    package internal(set) var scorecards: [Scorecard] = []
    /// Calls that have a ``CallFeature``.
    package internal(set) var features: [String: Int] = [:]
}

extension CallAnalytics.Totals {
    mutating func add(_ other: Self) {
        calls += other.calls
        ended += other.ended
        contained += other.contained
        transferred += other.transferred
        abandoned += other.abandoned
        failed += other.failed
        unreached += other.unreached
        goals += other.goals
        seconds += other.seconds
    }
}
