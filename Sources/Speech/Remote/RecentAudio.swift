package import AudioCore

/// The last seconds of a leg's audio, kept so that what a broken connection lost can be sent again.
///
/// Positions are bytes since the session began. Its memory grows while somebody is in need of old audio, to twice as much
/// each time, and is never given back; otherwise nothing is allocated after it is made.
package struct RecentAudio: ~Copyable {
    private var storage: [UInt8]
    private var scratch: [UInt8]
    private let capacity: Int
    /// What lies before was not kept when there was less memory.
    private var kept = 0
    /// Up to here audio has been taken in.
    package private(set) var end = 0

    /// - Parameters:
    ///   - capacity: bytes kept at most.
    ///   - initial: bytes kept although nobody needs them; nil for all of `capacity`.
    ///   - largestFrame: bytes that ``withFrame(at:count:_:)`` can lend at once.
    package init(capacity: Int, initial: Int? = nil, largestFrame: Int) {
        let initial = initial ?? capacity
        precondition(largestFrame > 0 && initial >= largestFrame && capacity >= initial)
        self.capacity = capacity
        storage = [UInt8](repeating: 0, count: initial)
        scratch = [UInt8](repeating: 0, count: largestFrame)
    }

    /// The oldest position still held.
    package var start: Int { max(kept, end - storage.count) }

    /// Takes everything that waits in `inlet`; what is older than the capacity falls out.
    ///
    /// - Parameter needed: the oldest position that somebody will still ask for, which is then kept if the capacity allows;
    ///   nil for none.
    package mutating func drain(_ inlet: SampleRing<UInt8>, keeping needed: Int? = nil) {
        if let needed { grow(toHold: end + inlet.count - max(needed, start)) }
        while true {
            let offset = end % storage.count
            var whole = storage.mutableSpan
            var target = whole._mutatingExtracting(offset..<whole.count)
            let count = inlet.read(into: &target)
            guard count > 0 else { return }
            end += count
        }
    }

    private mutating func grow(toHold count: Int) {
        guard count > storage.count, storage.count < capacity else { return }
        var size = storage.count
        while size < min(count, capacity) { size = min(size * 2, capacity) }
        var larger = [UInt8](repeating: 0, count: size)
        kept = start
        for position in kept..<end { larger[position % size] = storage[position % storage.count] }
        storage = larger
    }

    /// Lends the bytes from `position` on.
    ///
    /// - Parameters:
    ///   - position: ``start`` or later.
    ///   - count: at most the largest frame; `position + count` is at most ``end``.
    package mutating func withFrame<Result>(at position: Int, count: Int, _ body: (Span<UInt8>) -> Result) -> Result {
        precondition(position >= start && position + count <= end && count <= scratch.count)
        let offset = position % storage.count
        if offset + count <= storage.count { return body(storage.span.extracting(offset..<offset + count)) }
        for index in 0..<count { scratch[index] = storage[(position + index) % storage.count] }
        return body(scratch.span.extracting(0..<count))
    }

    /// A copy of what lies between two positions, as far as it is held.
    package func bytes(from start: Int, to end: Int) -> [UInt8] {
        let first = max(start, self.start)
        return (first..<max(min(end, self.end), first)).map { storage[$0 % storage.count] }
    }
}
