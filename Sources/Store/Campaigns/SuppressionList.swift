package import Foundation

/// A list of people not to call, as far as it is stored here.
package struct SuppressionList: Sendable, Equatable, Codable {
    package var list: String
    package var numbers: Int
    /// The day a registry's copy was made; nil for one of our own.
    package var version: CalendarDay?
    package var importedAt: Date?
}
