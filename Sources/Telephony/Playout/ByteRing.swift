/// A bounded queue of bytes for one thread that can take back what it gave last.
///
/// Its memory grows with use up to the capacity and the history, because most utterances are far shorter than the longest
/// allowed.
struct ByteRing: Sendable {
    /// The most bytes that wait.
    let capacity: Int
    /// The most bytes that can be taken back.
    let history: Int
    private var storage: [UInt8] = []
    private var head = 0
    private(set) var count = 0
    /// Bytes before the head that are still there.
    private(set) var kept = 0

    init(capacity: Int, history: Int = 0) {
        self.capacity = capacity
        self.history = history
    }

    /// Appends as much of `bytes` as fits and returns how much that was.
    mutating func append(_ bytes: Span<UInt8>) -> Int {
        let taken = min(bytes.count, capacity - count)
        if count + kept + taken > storage.count { grow(toHold: count + taken) }
        kept = min(kept, storage.count - count - taken)
        let tail = wrapped(head + count)
        let first = min(taken, storage.count - tail)
        unsafe bytes.withUnsafeBufferPointer { source in
            unsafe storage.withUnsafeMutableBufferPointer { target in
                guard let from = source.baseAddress, let to = target.baseAddress, taken > 0 else { return }
                // SAFETY: `first` ends at the storage's end, the rest starts at its beginning, and there is room for both.
                unsafe (to + tail).update(from: from, count: first)
                unsafe to.update(from: from + first, count: taken - first)
            }
        }
        count += taken
        return taken
    }

    /// Moves the first `wanted` bytes, or what there is, to the end of `target`.
    mutating func take(_ wanted: Int, appendingTo target: inout [UInt8]) {
        let taken = peek(wanted, appendingTo: &target)
        head = wrapped(head + taken)
        count -= taken
        kept = min(kept + taken, history)
    }

    /// Copies the first `wanted` bytes, or what there is, to the end of `target`, and returns how many.
    @discardableResult
    func peek(_ wanted: Int, appendingTo target: inout [UInt8]) -> Int {
        let taken = min(wanted, count)
        let first = min(taken, storage.count - head)
        target.append(contentsOf: storage[head..<head + first])
        target.append(contentsOf: storage[0..<taken - first])
        return taken
    }

    /// Copies the bytes taken last, as many of `wanted` as are still there, to the end of `target`, the newest first.
    func recall(_ wanted: Int, appendingTo target: inout [UInt8]) {
        for back in 1..<min(wanted, kept) + 1 { target.append(storage[wrapped(head + storage.count - back)]) }
    }

    /// Puts the bytes taken last back in front, as many of them as are still there, and returns how many.
    mutating func takeBack(_ wanted: Int) -> Int {
        let back = max(min(wanted, kept), 0)
        head = wrapped(head + storage.count - back)
        count += back
        kept -= back
        return back
    }

    mutating func removeAll() {
        head = 0
        count = 0
        kept = 0
    }

    private func wrapped(_ index: Int) -> Int { index >= storage.count ? index - storage.count : index }

    private mutating func grow(toHold needed: Int) {
        var size = 4096
        while size < needed + history { size *= 2 }
        size = min(size, capacity + history)
        guard size > storage.count else { return }
        var larger: [UInt8] = []
        larger.reserveCapacity(size)
        let before = takeBack(kept)
        peek(count, appendingTo: &larger)
        larger.append(contentsOf: repeatElement(0, count: size - larger.count))
        storage = larger
        head = before
        count -= before
        kept = before
    }
}
