/// Keeps what is sent within a multiple of real time, however much is waiting after a gap.
struct AudioPacer: Sendable, Equatable {
    /// Bytes a second.
    private let rate: Double
    private let burst: Double
    private var allowance: Double
    private var refilled: Duration

    /// - Parameters:
    ///   - bytesPerSecond: the sustained bound.
    ///   - burst: bytes that may go at once, so that live audio, which comes in lumps, is never held up.
    init(bytesPerSecond: Double, burst: Int, now: Duration) {
        rate = bytesPerSecond
        self.burst = Double(burst)
        allowance = Double(burst)
        refilled = now
    }

    /// Asks to send `count` bytes.
    ///
    /// - Returns: zero if they may go, else how long to wait before asking again.
    mutating func take(_ count: Int, now: Duration) -> Duration {
        let elapsed = (now - refilled) / .seconds(1)
        refilled = now
        allowance = min(allowance + max(elapsed, 0) * rate, burst)
        let missing = Double(count) - allowance
        if missing <= 0 {
            allowance -= Double(count)
            return .zero
        }
        return .seconds(missing / rate)
    }
}
