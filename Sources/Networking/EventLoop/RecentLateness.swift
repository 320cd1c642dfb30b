import CUV
import Glibc
import Synchronization

/// How late a loop's beats were of late: the worst of them, forgotten by half every 700 ms.
///
/// One bad moment keeps new calls away for a second or two, a steady overload for as long as it lasts. Written by the loop's
/// thread, read from any: the two numbers may belong to different beats, which makes no difference to anybody.
final class RecentLateness: Sendable {
    /// [ns]
    private let peak = Atomic<Int>(0)
    /// [ns on uv's clock] When it was that high.
    private let moment = Atomic<Int>(0)

    /// [ns]
    private static let halfLife = 700_000_000.0

    /// The loop's thread.
    func record(nanoseconds: Int, at now: Int) {
        peak.store(max(nanoseconds, value(at: now)), ordering: .relaxed)
        moment.store(now, ordering: .relaxed)
    }

    /// [ns] Any thread.
    func value(at now: Int) -> Int {
        let age = Double(max(now - moment.load(ordering: .relaxed), 0))
        return Int(Double(peak.load(ordering: .relaxed)) * exp2(-age / Self.halfLife))
    }
}
