/// The marks that are out, and where in the stream they stand.
///
/// A carrier that never echoes costs the oldest entry, not memory.
struct MarkLedger: Sendable {
    private struct Entry {
        var sequence: UInt32 = 0
        var generation: UInt32 = 0
        var position = 0
    }

    private static let capacity = 32
    private var entries = InlineArray<32, Entry>(repeating: Entry())
    private var sequence: UInt32 = 0
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }

    mutating func add(position: Int, generation: UInt32) -> PlayoutMark {
        sequence &+= 1
        let slot = Int(sequence) % Self.capacity
        if entries[slot].sequence == 0 { count += 1 }
        entries[slot] = Entry(sequence: sequence, generation: generation, position: position)
        return PlayoutMark(generation: generation, sequence: sequence)
    }

    /// The position of a mark that came back. Marks before it are settled too: a carrier echoes in order.
    mutating func take(_ mark: PlayoutMark) -> Int? {
        let found = entries[Int(mark.sequence) % Self.capacity]
        guard mark.sequence != 0, found.sequence == mark.sequence, found.generation == mark.generation else {
            return nil
        }
        for slot in entries.indices where entries[slot].sequence != 0 && entries[slot].sequence <= mark.sequence {
            entries[slot].sequence = 0
            count -= 1
        }
        return found.position
    }

    mutating func removeAll() {
        for slot in entries.indices { entries[slot].sequence = 0 }
        count = 0
    }
}
