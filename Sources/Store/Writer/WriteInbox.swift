import Synchronization

/// Writes on their way from any number of threads to whoever takes them: a stack that is taken whole, so that adding is
/// one allocation and one compare-and-swap and never waits for anybody.
@safe final class WriteInbox: Sendable {
    /// What became of an addition.
    enum Admission: Sendable, Equatable {
        /// It waits; `count` is how many do.
        case added(count: Int)
        case full
        case closed
    }

    @safe private final class Node: @unchecked Sendable {
        // @unchecked: `next` is set before the node is published and read after it was taken, by one thread each.
        let write: RevisedWrite?
        var next: Unmanaged<Node>?

        init(_ write: RevisedWrite?) { self.write = write }
    }

    /// How many writes may wait.
    let capacity: Int
    private let newest = unsafe Atomic<Unmanaged<Node>?>(nil)
    private let waiting = Atomic<Int>(0)
    /// Lies on the stack from ``close()`` on: nothing can be added on top of it. It holds no write.
    private let lid = Node(nil)

    init(capacity: Int) {
        precondition(capacity > 0, "an inbox holds at least one write")
        self.capacity = capacity
    }

    deinit { _ = close() }

    /// How many writes wait; a moment later it may be otherwise.
    var count: Int { waiting.load(ordering: .relaxed) }

    /// Adds a write unless the inbox is full or closed. Any thread.
    func add(_ write: RevisedWrite) -> Admission {
        let count = waiting.wrappingAdd(1, ordering: .relaxed).newValue
        guard count <= capacity else {
            waiting.wrappingSubtract(1, ordering: .relaxed)
            return .full
        }
        let node = Node(write)
        // SAFETY: the stack owns this retain until `take` consumes it. A node is read only by the thread that took it,
        // and everything is taken at once, so an address that comes back cannot be mistaken for its predecessor.
        let owned = unsafe Unmanaged.passRetained(node)
        var seen = unsafe newest.load(ordering: .relaxed)
        while unsafe !isLid(seen) {
            unsafe node.next = seen
            let (exchanged, original) = unsafe newest.weakCompareExchange(
                expected: seen, desired: owned, successOrdering: .sequentiallyConsistent, failureOrdering: .relaxed)
            if exchanged { return .added(count: count) }
            unsafe seen = original
        }
        unsafe owned.release()
        waiting.wrappingSubtract(1, ordering: .relaxed)
        return .closed
    }

    /// Whether nothing waits.
    var isEmpty: Bool {
        let seen = unsafe newest.load(ordering: .sequentiallyConsistent)
        return unsafe seen == nil || isLid(seen)
    }

    /// Takes everything, oldest first; each write comes out once. Any thread, but not after ``close()``.
    func take() -> [RevisedWrite] { unsafe take(leaving: nil) }

    /// Takes everything and lets nothing in any more.
    func close() -> [RevisedWrite] { unsafe take(leaving: Unmanaged.passUnretained(lid)) }

    private func take(leaving replacement: Unmanaged<Node>?) -> [RevisedWrite] {
        var writes: [RevisedWrite] = []
        var next = unsafe newest.exchange(replacement, ordering: .sequentiallyConsistent)
        while let owned = unsafe next, unsafe !isLid(owned) {
            // SAFETY: consumes the retain `add` made; the exchange gave this thread the whole chain.
            let node = unsafe owned.takeRetainedValue()
            if let write = node.write { writes.append(write) }
            unsafe next = node.next
        }
        waiting.wrappingSubtract(writes.count, ordering: .relaxed)
        writes.reverse()
        return writes
    }

    private func isLid(_ node: Unmanaged<Node>?) -> Bool {
        unsafe node?.toOpaque() == Unmanaged.passUnretained(lid).toOpaque()
    }
}
