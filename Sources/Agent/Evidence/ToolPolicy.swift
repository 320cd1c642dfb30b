/// What an agent must have before it may use a tool.
package struct ToolPolicy: Sendable, Equatable {
    /// What stands between the agent's wish and the act.
    package enum Evidence: String, Sendable, Codable, CaseIterable {
        /// Nothing more.
        case none
        /// The caller agreed to a read-back that named what will be done.
        case confirmed
        /// A person approved it.
        case approved
    }

    /// How bad a wrong call would be, as the agent's author counts on.
    package var risk: ToolDefinition.Risk
    package var evidence: Evidence
    /// A turn less certain than this is no reason to act, 0...1; nil leaves it to the agent's thresholds.
    package var minimumConfidence: Double?
    /// How long a review waits for a person.
    package var reviewExpiry: Duration
    /// Beside it the caller must be verified.
    package var needsVerified: Bool

    package init(
        risk: ToolDefinition.Risk, evidence: Evidence? = nil, minimumConfidence: Double? = nil,
        reviewExpiry: Duration = .seconds(24 * 3600), needsVerified: Bool = false
    ) {
        self.risk = risk
        self.evidence = evidence ?? (risk == .irreversible ? .confirmed : .none)
        self.minimumConfidence = minimumConfidence
        self.reviewExpiry = reviewExpiry
        self.needsVerified = needsVerified
    }

    /// This policy for a tool that says of itself how bad a wrong call would be: the stricter of the two holds.
    func tightened(by risk: ToolDefinition.Risk?) -> ToolPolicy {
        guard risk == .irreversible, self.risk != .irreversible else {
            guard risk == .reversible, self.risk == .read else { return self }
            var policy = self
            policy.risk = .reversible
            return policy
        }
        var policy = self
        policy.risk = .irreversible
        if policy.evidence == .none { policy.evidence = .confirmed }
        return policy
    }
}
