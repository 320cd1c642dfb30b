/// Whether a body comes quickly enough: it may take a while, and longer the more of it has come. A value.
///
/// A body of any size that comes at an ordinary pace is in time, for the least pace is far below it. One that comes byte by
/// byte is not, however long it is going to be.
package struct BodyPace: Sendable, Equatable {
    /// Whatever has come.
    package static let usualPatience = Duration.seconds(30)
    /// Bytes that buy a second more.
    package static let bytesPerSecond = 4096

    private let began: ContinuousClock.Instant
    private let patience: Duration
    private var bytes = 0

    package init(began: ContinuousClock.Instant, patience: Duration = BodyPace.usualPatience) {
        self.began = began
        self.patience = patience
    }

    /// Until when more must have come.
    package var deadline: ContinuousClock.Instant {
        began + patience + .seconds(bytes / Self.bytesPerSecond)
    }

    /// - Returns: whether these bytes were in time.
    package mutating func received(_ count: Int, at now: ContinuousClock.Instant) -> Bool {
        guard now <= deadline else { return false }
        bytes += count
        return true
    }
}
