/// Memory that messages wait or are put together in, kept for reuse so that a busy loop does not allocate.
///
/// Buffers come in a few sizes; larger ones than those are allocated and freed singly. Loop's thread only.
@safe final class BufferPool {
    /// A piece of memory on loan.
    @safe struct Buffer {
        let bytes: UnsafeMutablePointer<UInt8>
        let capacity: Int
    }

    private static let sizes = [1024, 4096, 16384, 65536]
    /// How many idle bytes each size may keep.
    private static let keptBytesPerSize = 1 << 20
    private var idle: [[Buffer]]

    init() {
        idle = Self.sizes.map { size in
            var list: [Buffer] = []
            list.reserveCapacity(Self.keptBytesPerSize / size)
            return list
        }
    }

    deinit {
        for list in idle { for buffer in list { unsafe buffer.bytes.deallocate() } }
    }

    /// A buffer of at least `capacity` bytes, uninitialized. Give it back with ``put(_:)``.
    func take(_ capacity: Int) -> Buffer {
        guard let index = Self.sizes.firstIndex(where: { $0 >= capacity }) else {
            return unsafe Buffer(bytes: .allocate(capacity: capacity), capacity: capacity)
        }
        if let buffer = idle[index].popLast() { return buffer }
        return unsafe Buffer(bytes: .allocate(capacity: Self.sizes[index]), capacity: Self.sizes[index])
    }

    func put(_ buffer: Buffer) {
        if let index = Self.sizes.firstIndex(of: buffer.capacity),
            idle[index].count < Self.keptBytesPerSize / buffer.capacity
        {
            idle[index].append(buffer)
        } else {
            unsafe buffer.bytes.deallocate()
        }
    }
}
