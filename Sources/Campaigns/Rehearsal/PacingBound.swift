/// An option that allows less than a campaign's own pacing asks for.
package struct PacingBound: Sendable, Equatable, Codable {
    /// As the configuration spells it.
    package var key: String
    package var allowed: Double
    /// What the campaign's pacing asks for.
    package var wanted: Double

    package init(key: String, allowed: Double, wanted: Double) {
        self.key = key
        self.allowed = allowed
        self.wanted = wanted
    }
}
