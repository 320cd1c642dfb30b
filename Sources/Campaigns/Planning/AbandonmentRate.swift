/// How many of those who answered got no agent in time, over 30 days of one campaign. Machines do not count.
package struct AbandonmentRate: Sendable, Equatable, Codable {
    package var answered: Int
    package var abandoned: Int

    package init(answered: Int = 0, abandoned: Int = 0) {
        self.answered = answered
        self.abandoned = abandoned
    }

    /// The share, 0...1.
    package var share: Double { answered == 0 ? 0 : Double(abandoned) / Double(answered) }

    /// Whether the next call must wait. One mishap at the very beginning does not stop a campaign: of few calls two must
    /// have gone wrong.
    package func exceeds(_ limit: Double) -> Bool { abandoned >= 2 && share >= limit }
}
