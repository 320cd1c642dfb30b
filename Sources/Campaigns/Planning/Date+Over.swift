package import Foundation

extension Date {
    /// Whether this moment is over, which was `length` ahead at most when it was chosen.
    ///
    /// One that is farther ahead was chosen before the clock was set back. It is over, too: what waited for it would wait for
    /// as long as the clock was set back.
    package func isOver(at now: Date, chosenWithin length: TimeInterval) -> Bool {
        now >= self || timeIntervalSince(now) > length
    }
}
