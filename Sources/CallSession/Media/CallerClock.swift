/// Where caller audio belongs on the call's clock.
///
/// The carrier stamps its audio, and the stamps do not jitter; the first frame ties them to the call's clock.
struct CallerClock: Sendable {
    private var base: Int?
    private var firstTimestamp = 0
    private var received = 0
    /// Audio without stamps that is further than this from when it came: the peer had paused, or caught up.
    private static let tolerance = 1600

    /// The position of a payload's first sample.
    ///
    /// - Parameters:
    ///   - timestamp: the carrier's, in ms since the stream began; nil counts what has arrived.
    ///   - count: samples in the payload.
    ///   - now: samples on the call's clock.
    mutating func place(timestamp: Int?, count: Int, now: Int) -> Int {
        defer { received += count }
        guard let base else {
            let start = max(now - count, 0)
            base = start
            firstTimestamp = timestamp ?? 0
            return start
        }
        guard let timestamp else {
            let arrival = max(now - count, 0)
            if abs(arrival - base - received) > Self.tolerance { self.base = arrival - received }
            return (self.base ?? base) + received
        }
        let place = base + (timestamp - firstTimestamp) * 8
        // A stamp that is seconds away from the clock is nonsense; arrival then says more.
        return abs(place - now) < 40_000 ? place : max(now - count, 0)
    }
}
