/// When a loop that is about to wait for messages sleeps a moment first, so that more of them are there when it looks.
///
/// Waking a thread costs as much as handling a message. With a few thousand messages a second, which come one by one, a pause
/// of a millisecond makes one wake-up of three. A value; times in ns on one clock.
struct GatherPause: Sendable {
    private let span: UInt64
    /// When the loop looked last.
    private var looked: UInt64 = 0

    /// - Parameter span: between two looks, in ns; 0 never pauses.
    init(span: UInt64) { self.span = span }

    /// How long to sleep before looking at `now`.
    ///
    /// - Parameter limit: until something is due anyway; nil when nothing is.
    mutating func pause(at now: UInt64, limit: UInt64?) -> UInt64 {
        guard span > 0 else { return 0 }
        let since = now - min(now, looked)
        // A loop that has slept for longer has nothing to gather: whatever wakes it next is handled at once.
        guard since < span, limit.map({ $0 > 0 }) ?? true else {
            looked = now
            return 0
        }
        let pause = min(span - since, limit ?? .max)
        looked = now + pause
        return pause
    }
}
