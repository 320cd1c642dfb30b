import Glibc
import Synchronization

/// A lock-free queue of samples from one writing thread to one reading thread.
///
/// Positions are sample counts since the ring was made and never wrap. When full, the samples that do not fit are
/// dropped (the newest, so that what the reader holds stays contiguous) and counted in ``droppedCount``.
@safe package final class SampleRing<Sample: BitwiseCopyable & Sendable>: @unchecked Sendable {
    // @unchecked: `storage` is written only in [writePosition, readPosition + capacity) by the one writer and read only in
    // [readPosition, writePosition) by the one reader; the two positions publish those ranges with release/acquire.
    private let storage: UnsafeMutablePointer<Sample>
    private let mask: Int
    private let positions = RingPositions()

    /// - Parameters:
    ///   - minimumCapacity: in samples, at least 1; rounded up to a power of two.
    ///   - silence: what the storage holds before anything is written.
    package init(minimumCapacity: Int, silence: Sample) {
        precondition(minimumCapacity > 0, "a ring holds at least one sample")
        let capacity = 1 << (Int.bitWidth - (minimumCapacity - 1).leadingZeroBitCount)
        unsafe storage = .allocate(capacity: capacity)
        unsafe storage.initialize(repeating: silence, count: capacity)
        mask = capacity - 1
    }

    deinit { unsafe storage.deallocate() }

    /// Samples the ring can hold.
    package var capacity: Int { mask + 1 }
    /// Samples accepted so far.
    package var writePosition: Int { positions.written.load(ordering: .acquiring) }
    /// Samples taken so far.
    package var readPosition: Int { positions.read.load(ordering: .acquiring) }
    /// Samples refused because the reader was late.
    package var droppedCount: Int { positions.dropped.load(ordering: .relaxed) }
    /// Samples waiting.
    package var count: Int {
        // The reader's position first: it only grows, so the difference cannot be negative.
        let read = positions.read.load(ordering: .acquiring)
        return positions.written.load(ordering: .acquiring) - read
    }

    /// Appends as many of `samples` as fit. Writer's thread only.
    ///
    /// - Returns: how many were taken.
    @discardableResult
    package func write(_ samples: Span<Sample>) -> Int {
        let position = positions.written.load(ordering: .relaxed)
        let free = capacity - (position - positions.read.load(ordering: .acquiring))
        let taken = min(free, samples.count)
        let start = position & mask
        let first = min(taken, capacity - start)
        unsafe samples.withUnsafeBufferPointer { source in
            guard let base = source.baseAddress, taken > 0 else { return }
            // SAFETY: `first` ends at the end of the storage, the rest starts at its beginning, and both lie in the
            // range that belongs to the writer; `taken` is at most `source.count`.
            unsafe Self.copy(first, from: base, to: storage + start)
            unsafe Self.copy(taken - first, from: base + first, to: storage)
        }
        positions.written.store(position + taken, ordering: .releasing)
        if taken < samples.count { positions.dropped.wrappingAdd(samples.count - taken, ordering: .relaxed) }
        return taken
    }

    /// Moves up to `target.count` samples to the front of `target`. Reader's thread only.
    ///
    /// - Returns: how many were moved.
    package func read(into target: inout MutableSpan<Sample>) -> Int {
        let position = positions.read.load(ordering: .relaxed)
        let taken = min(positions.written.load(ordering: .acquiring) - position, target.count)
        let start = position & mask
        let first = min(taken, capacity - start)
        unsafe target.withUnsafeMutableBufferPointer { target in
            guard let base = target.baseAddress, taken > 0 else { return }
            // SAFETY: as in `write`, in the range that belongs to the reader; `taken` is at most `target.count`.
            unsafe Self.copy(first, from: storage + start, to: base)
            unsafe Self.copy(taken - first, from: storage, to: base + first)
        }
        positions.read.store(position + taken, ordering: .releasing)
        return taken
    }

    /// Copies bytes where it stands, and not within the standard library, where the thread sanitizer does not look.
    @inline(__always)
    private static func copy(_ count: Int, from source: UnsafePointer<Sample>, to target: UnsafeMutablePointer<Sample>)
    {
        // SAFETY: samples are plain bytes; the callers' ranges do not overlap.
        unsafe memcpy(target, source, count * MemoryLayout<Sample>.stride)
    }

    /// Drops up to `count` waiting samples. Reader's thread only.
    ///
    /// - Returns: how many were dropped.
    @discardableResult
    package func skip(_ count: Int) -> Int {
        let position = positions.read.load(ordering: .relaxed)
        let taken = min(positions.written.load(ordering: .acquiring) - position, max(count, 0))
        positions.read.store(position + taken, ordering: .releasing)
        return taken
    }
}
