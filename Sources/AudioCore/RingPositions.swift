import Synchronization

/// The counters of a ring: what the writer stores on lines of its own, what the reader stores on others, and neither
/// beside the object's header, whose reference count both may touch.
///
/// 128 bytes apart, because processors fetch cache lines of 64 bytes in adjacent pairs.
final class RingPositions: Sendable {
    private let headerGap = InlineArray<16, Int>(repeating: 0)
    let written = Atomic<Int>(0)
    let dropped = Atomic<Int>(0)
    private let gap = InlineArray<16, Int>(repeating: 0)
    let read = Atomic<Int>(0)
    private let tailGap = InlineArray<16, Int>(repeating: 0)
}
