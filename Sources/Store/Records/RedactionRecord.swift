/// A stretch of a recording that is silence by intent, on both sides.
package struct RedactionRecord: Sendable, Equatable, Codable {
    /// In samples at 8 kHz since the media started.
    package var from: Int
    package var to: Int
    /// `withheld`, `operator`.
    package var reason: String

    package init(from: Int, to: Int, reason: String) {
        self.from = from
        self.to = to
        self.reason = reason
    }
}
