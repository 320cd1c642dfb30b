import Foundation

enum WallClock {
    /// Since 1970.
    static var microseconds: Int { Int(Date().timeIntervalSince1970 * 1_000_000) }
}
