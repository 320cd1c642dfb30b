import Foundation
import Synchronization

/// Records the database did not take, as lines of JSON in a file of fixed size.
///
/// The space is reserved when the file is made and never given back, because the moment it is needed is the moment the
/// disk is full. Unused space is zeros; the lines end at the first one. One process at a time: the file is locked.
actor SpillFile {
    /// Lines read from the file.
    struct Portion: Sendable {
        var writes: [RevisedWrite]
        /// Lines that are no record.
        var damaged: Int
        /// Where the next portion begins.
        var next: Int
    }

    /// What became of an append, in records.
    struct Receipt: Sendable, Equatable {
        var spilled: Int
        var dropped: Int
    }

    nonisolated let path: String
    private let capacity: Int
    private let file: PrivateFile
    /// Where the lines end, in bytes; mirrored for whoever counts.
    private var end: Int
    private let size: WriterCounters

    /// Opens or makes the file. A line that a crash cut short is taken off its end.
    ///
    /// - Throws: ``StoreError`` with `notWritable`, `diskFull`, or `locked` when another process has it.
    init(path: String, capacity: Int, counters: WriterCounters) throws(StoreError) {
        self.path = path
        self.capacity = capacity
        size = counters
        file = try PrivateFile(path: path)
        try file.lock()
        try file.reserve(capacity)
        var position = 0
        var afterLastLine = 0
        var isOver = false
        while !isOver {
            let chunk = try file.read(at: position, count: 1 << 16)
            let used = chunk.prefix { $0 != 0 }
            if let newline = used.lastIndex(of: UInt8(ascii: "\n")) { afterLastLine = position + newline + 1 }
            position += used.count
            isOver = used.count < chunk.count || chunk.isEmpty
        }
        try file.writeZeros(at: afterLastLine, count: position - afterLastLine)
        end = afterLastLine
        counters.spillSize.store(end, ordering: .relaxed)
    }

    var isEmpty: Bool { end == 0 }

    /// Whoever writes into this database next may have the file; nothing is appended any more.
    func release() { file.unlock() }

    /// Adds records. What does not fit, or the disk refuses even so, is dropped.
    func append(_ writes: some Sequence<RevisedWrite> & Sendable) -> Receipt {
        var receipt = Receipt(spilled: 0, dropped: 0)
        var lines: [UInt8] = []
        let encoder = JSONEncoder()
        for write in writes {
            guard let line = try? encoder.encode(write), end + lines.count + line.count + 1 <= capacity else {
                receipt.dropped += 1
                continue
            }
            lines += line
            lines.append(UInt8(ascii: "\n"))
            receipt.spilled += 1
        }
        do {
            try file.write(lines, at: end)
            moveEnd(to: end + lines.count)
        } catch {
            // Lines half written would join what is added next.
            try? file.writeZeros(at: end, count: lines.count)
            receipt = Receipt(spilled: 0, dropped: receipt.dropped + receipt.spilled)
        }
        return receipt
    }

    /// Reads whole lines from `position` on; `nil` at the end.
    func portion(at position: Int, size: Int = 1 << 20) throws(StoreError) -> Portion? {
        guard position < end else { return nil }
        var chunk = try file.read(at: position, count: min(size, end - position))
        // A line longer than a portion is read whole; none is longer than the file.
        while !chunk.contains(UInt8(ascii: "\n")), position + chunk.count < end {
            chunk += try file.read(at: position + chunk.count, count: min(size, end - position - chunk.count))
        }
        guard let newline = chunk.lastIndex(of: UInt8(ascii: "\n")) else {
            return Portion(writes: [], damaged: 1, next: end)
        }
        let lines = chunk[..<newline].split(separator: UInt8(ascii: "\n"))
        let decoder = JSONDecoder()
        let writes = lines.compactMap { try? decoder.decode(RevisedWrite.self, from: Data($0)) }
        return Portion(writes: writes, damaged: lines.count - writes.count, next: position + newline + 1)
    }

    /// Empties the file if nothing was added since `position` was its end.
    ///
    /// - Returns: whether it is empty.
    func clear(ifEndIs position: Int) throws(StoreError) -> Bool {
        guard end == position else { return false }
        // From the back, so that after a crash in between what is left is lines, which may be stored twice unharmed.
        var remaining = end
        while remaining > 0 {
            let count = min(remaining, 1 << 20)
            try file.writeZeros(at: remaining - count, count: count)
            remaining -= count
            moveEnd(to: remaining)
        }
        return true
    }

    private func moveEnd(to position: Int) {
        end = position
        size.spillSize.store(position, ordering: .relaxed)
    }
}
