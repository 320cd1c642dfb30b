/// Puts messages that overtook one another back in order, waiting for a missing one until so many later ones are there.
///
/// Fixed memory; nothing is allocated once its slots are large enough.
struct ReorderWindow: Sendable {
    private struct Slot {
        var sequence = -1
        var timestamp: Int?
        var bytes: [UInt8] = []
    }

    /// Messages that may wait.
    let depth: Int
    /// Messages that came too late, or twice.
    private(set) var lateCount = 0
    private var slots: [Slot]
    private var count = 0
    /// The number of the next message; nil before the first.
    private var next: Int?

    init(depth: Int) {
        self.depth = depth
        slots = Array(repeating: Slot(), count: depth + 1)
    }

    mutating func put(_ bytes: [UInt8], timestamp: Int?, sequence: Int) {
        if next == nil { next = sequence }
        // One that is far behind is no straggler: the peer has begun to count anew.
        if let expected = next, sequence < expected - 1000 { restart(at: sequence) }
        guard let expected = next, sequence >= expected, !slots.contains(where: { $0.sequence == sequence }),
            let free = slots.firstIndex(where: { $0.sequence < 0 })
        else {
            lateCount += 1
            return
        }
        slots[free].sequence = sequence
        slots[free].timestamp = timestamp
        slots[free].bytes.removeAll(keepingCapacity: true)
        slots[free].bytes.append(contentsOf: bytes)
        count += 1
    }

    /// The next message, if it is there or no longer waited for; its audio replaces what `bytes` holds.
    mutating func take(into bytes: inout [UInt8]) -> CallerFrame? {
        guard count > 0, let first = firstSlot, let expected = next,
            slots[first].sequence == expected || count > depth
        else { return nil }
        let missing = slots[first].sequence - expected
        next = slots[first].sequence + 1
        slots[first].sequence = -1
        count -= 1
        bytes.removeAll(keepingCapacity: true)
        bytes.append(contentsOf: slots[first].bytes)
        return CallerFrame(timestamp: slots[first].timestamp, missing: missing)
    }

    private var firstSlot: Int? {
        var found: Int?
        for index in slots.indices where slots[index].sequence >= 0 {
            if found == nil || slots[index].sequence < slots[found ?? 0].sequence { found = index }
        }
        return found
    }

    private mutating func restart(at sequence: Int) {
        for index in slots.indices { slots[index].sequence = -1 }
        count = 0
        next = sequence
    }
}
