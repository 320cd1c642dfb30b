/// What the agent made of a caller's turn.
package struct Understanding: Sendable, Equatable, Codable {
    /// The intent, or `none` when the turn fitted nothing.
    package var intent: String
    /// Entity name → normalised value (`date` → `2026-11-24`, `time` → `10:30`).
    package var entities: [String: String]
    /// Calibrated probability, 0...1, of recognition and understanding together.
    package var confidence: Double

    package init(intent: String, entities: [String: String], confidence: Double) {
        self.intent = intent
        self.entities = entities
        self.confidence = confidence
    }
}
