/// A bounded queue of bytes for one thread.
///
/// Its memory grows with use up to the capacity, because most utterances are far shorter than the longest allowed.
struct ByteRing: Sendable {
    let capacity: Int
    private var storage: [UInt8] = []
    private var head = 0
    private(set) var count = 0

    init(capacity: Int) {
        self.capacity = capacity
    }

    /// Appends as much of `bytes` as fits and returns how much that was.
    mutating func append(_ bytes: Span<UInt8>) -> Int {
        let taken = min(bytes.count, capacity - count)
        if count + taken > storage.count { grow(to: count + taken) }
        var tail = head + count
        if tail >= storage.count { tail -= storage.count }
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
        let taken = min(wanted, count)
        let first = min(taken, storage.count - head)
        target.append(contentsOf: storage[head..<head + first])
        target.append(contentsOf: storage[0..<taken - first])
        head += taken
        if head >= storage.count { head -= storage.count }
        count -= taken
        if count == 0 { head = 0 }
    }

    mutating func removeAll() {
        head = 0
        count = 0
    }

    private mutating func grow(to needed: Int) {
        var larger: [UInt8] = []
        var size = 4096
        while size < needed { size *= 2 }
        larger.reserveCapacity(min(size, max(capacity, needed)))
        let held = count
        take(held, appendingTo: &larger)
        larger.append(contentsOf: repeatElement(0, count: min(size, max(capacity, needed)) - held))
        storage = larger
        head = 0
        count = held
    }
}
