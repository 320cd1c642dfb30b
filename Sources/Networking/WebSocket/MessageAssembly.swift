/// Joins the pieces in which a message arrives. Most messages arrive whole and never come here.
@safe struct MessageAssembly: ~Copyable {
    private var buffer: BufferPool.Buffer?
    private(set) var count = 0
    private let pool: BufferPool

    init(pool: BufferPool) {
        self.pool = pool
    }

    deinit {
        if let buffer { pool.put(buffer) }
    }

    mutating func append(_ piece: UnsafeBufferPointer<UInt8>) {
        guard let source = piece.baseAddress, !piece.isEmpty else { return }
        let needed = count + piece.count
        if needed > buffer?.capacity ?? 0 {
            let larger = pool.take(max(needed, count * 2))
            if let buffer {
                unsafe larger.bytes.update(from: buffer.bytes, count: count)
                pool.put(buffer)
            }
            buffer = larger
        }
        // SAFETY: capacity was made sufficient above.
        if let buffer { unsafe (buffer.bytes + count).update(from: source, count: piece.count) }
        count = needed
    }

    /// Lends the message joined so far, then forgets it.
    mutating func finish(_ body: (Span<UInt8>) -> Void) {
        let message = unsafe UnsafeBufferPointer(start: buffer.map { unsafe UnsafePointer($0.bytes) }, count: count)
        unsafe body(message.span)
        reset()
    }

    mutating func reset() {
        if let buffer { pool.put(buffer) }
        buffer = nil
        count = 0
    }
}
