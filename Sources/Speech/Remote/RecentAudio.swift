import AudioCore

/// The last seconds of a leg's audio, kept so that what a broken connection lost can be sent again.
///
/// Positions are bytes since the session began. Nothing is allocated after it is made.
struct RecentAudio: ~Copyable {
    private var storage: [UInt8]
    private var scratch: [UInt8]
    /// Up to here audio has been taken in.
    private(set) var end = 0

    /// - Parameters:
    ///   - capacity: bytes kept.
    ///   - largestFrame: bytes that ``withFrame(at:count:_:)`` can lend at once.
    init(capacity: Int, largestFrame: Int) {
        precondition(largestFrame > 0 && capacity >= largestFrame)
        storage = [UInt8](repeating: 0, count: capacity)
        scratch = [UInt8](repeating: 0, count: largestFrame)
    }

    /// The oldest position still held.
    var start: Int { max(0, end - storage.count) }

    /// Takes everything that waits in `inlet`; what is older than the capacity falls out.
    mutating func drain(_ inlet: SampleRing<UInt8>) {
        while true {
            let offset = end % storage.count
            var whole = storage.mutableSpan
            var target = whole._mutatingExtracting(offset..<whole.count)
            let count = inlet.read(into: &target)
            guard count > 0 else { return }
            end += count
        }
    }

    /// Lends the bytes from `position` on.
    ///
    /// - Parameters:
    ///   - position: ``start`` or later.
    ///   - count: at most the largest frame; `position + count` is at most ``end``.
    mutating func withFrame<Result>(at position: Int, count: Int, _ body: (Span<UInt8>) -> Result) -> Result {
        precondition(position >= start && position + count <= end && count <= scratch.count)
        let offset = position % storage.count
        if offset + count <= storage.count { return body(storage.span.extracting(offset..<offset + count)) }
        for index in 0..<count { scratch[index] = storage[(position + index) % storage.count] }
        return body(scratch.span.extracting(0..<count))
    }

    /// A copy of what lies between two positions, as far as it is held.
    func bytes(from start: Int, to end: Int) -> [UInt8] {
        let first = max(start, self.start)
        return (first..<max(min(end, self.end), first)).map { storage[$0 % storage.count] }
    }
}
