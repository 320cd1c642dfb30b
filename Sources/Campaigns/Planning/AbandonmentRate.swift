/// How many of those who answered got no agent in time, over 30 days of one campaign. Machines do not count.
package struct AbandonmentRate: Sendable, Equatable, Codable {
    /// By a person.
    package var answered: Int
    /// Of those, the ones who heard no agent at all.
    package var abandoned: Int
    /// Of those, the ones who heard the agent, but later than two seconds after their greeting: abandoned as well, by
    /// 47 CFR 64.1200(a)(7), whatever they talked about then.
    package var late: Int

    package init(answered: Int = 0, abandoned: Int = 0, late: Int = 0) {
        self.answered = answered
        self.abandoned = abandoned
        self.late = late
    }

    /// Those who got no agent in time.
    package var missed: Int { abandoned + late }

    /// The share, 0...1.
    package var share: Double { answered == 0 ? 0 : Double(missed) / Double(answered) }

    /// Whether the next call must wait. One mishap at the very beginning does not stop a campaign: of few calls two must
    /// have gone wrong.
    package func exceeds(_ limit: Double) -> Bool { missed >= 2 && share >= limit }
}
