import Glibc

/// Keeps a device that has no clock of its own (ALSA's `null` and `file`) from running faster than time.
///
/// A real device is never held: it may be half a percent fast and 60 ms ahead.
struct PaceGuard {
    private static let slack: Int64 = 60_000_000

    private let start: Int64
    private var frames: Int64 = 0

    init() { start = Self.now() }

    /// After each 20 ms.
    mutating func advance() {
        frames += 1
        let elapsed = Self.now() - start
        let ahead = frames * 20_000_000 - (elapsed + elapsed / 200)
        if ahead > Self.slack { Self.sleep(ahead - Self.slack) }
    }

    /// Nanoseconds of the monotonic clock.
    static func now() -> Int64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    static func sleep(_ nanoseconds: Int64) {
        var time = timespec(tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
        var rest = timespec()
        while unsafe nanosleep(&time, &rest) != 0 && errno == EINTR { time = rest }
    }
}
