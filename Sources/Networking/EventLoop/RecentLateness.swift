import CUV
import Glibc
import Synchronization

/// How late a loop's beats are of late, on average: a mean that forgets with a time constant of half a second.
///
/// A beat that is 40 ms late now and then is a machine's hiccup and moves it by a few milliseconds; a loop with more work than
/// time is over any bound within a second. Written by the loop's thread, read from any: the two numbers may belong to
/// different beats, which makes no difference to anybody.
final class RecentLateness: Sendable {
    /// [ns]
    private let mean = Atomic<Int>(0)
    /// [ns on uv's clock] When it was that.
    private let moment = Atomic<Int>(0)

    /// [ns]
    private static let timeConstant = 500_000_000.0

    /// The loop's thread.
    func record(nanoseconds: Int, at now: Int) {
        let kept = Self.kept(after: now - moment.load(ordering: .relaxed))
        let next = Double(mean.load(ordering: .relaxed)) * kept + Double(nanoseconds) * (1 - kept)
        mean.store(Int(next), ordering: .relaxed)
        moment.store(now, ordering: .relaxed)
    }

    /// [ns] Any thread. A loop without beats has nothing to be late for, so it falls by itself.
    func value(at now: Int) -> Int {
        Int(Double(mean.load(ordering: .relaxed)) * Self.kept(after: now - moment.load(ordering: .relaxed)))
    }

    private static func kept(after age: Int) -> Double { exp(-Double(max(age, 0)) / timeConstant) }
}
