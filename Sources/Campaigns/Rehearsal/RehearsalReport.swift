package import Foundation

/// What would happen, as far as a model of callees can tell.
package struct RehearsalReport: Sendable, Equatable, Codable {
    package struct Hour: Sendable, Equatable, Codable {
        /// When it begins.
        package var begins: Date
        package var attempts = 0
        /// By a person.
        package var answered = 0
    }

    package var contacts = 0
    package var begins: Date
    /// When the last call ends; nil when nobody is called.
    package var finishes: Date?
    package var attempts = 0
    package var answered = 0
    package var abandoned = 0
    /// Attempts by how they ended.
    package var outcomes: [String: Int] = [:]
    /// Contacts that are never called (again), by the rule that says so.
    package var blocked: [String: Int] = [:]
    /// Decisions to wait, by rule; one contact may wait many times.
    package var delayed: [String: Int] = [:]
    /// Hours in which somebody is called.
    package var hours: [Hour] = []
    /// The most calls at a time.
    package var mostCalls = 0
    /// Why it was paused, if the breaker opened.
    package var paused: String?
    /// How long somebody or something was on the line, all calls together, seconds.
    package var lineSeconds = 0.0
    /// Whether it was stopped before its end, because it took too long.
    package var isCutShort = false
    /// Contacts still waiting when the rehearsal stopped.
    package var unfinished = 0
    /// What allows less than the campaign's own pacing asks for, and was kept to.
    package var bounds: [PacingBound] = []
    package var model = CalleeModel()

    package init(begins: Date) { self.begins = begins }
}
