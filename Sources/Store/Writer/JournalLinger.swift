/// Entries of journals that wait for more of their call, so that a row holds several. A value: writes and the time in, what is to be
/// stored out.
///
/// A call's entries are let go when they fill a row, when the first of them has waited for the pause, and before a row that tells of
/// a turn, of a tool, or that the call has ended: whoever goes on with the call of a dead node runs its journal, and would have an act
/// done twice whose row is there and whose entry is not. All other writes pass at once.
struct JournalLinger {
    private struct Waiting {
        var writes: [RevisedWrite] = []
        var size = 0
        let since: ContinuousClock.Instant
    }

    private let pause: Duration
    private let capacity: Int
    private var waiting: [String: Waiting] = [:]
    /// Looking through all calls for those that are due takes its time with thousands of them.
    private var nextLook: ContinuousClock.Instant?

    /// How many entries wait.
    private(set) var count = 0

    /// - Parameters:
    ///   - pause: how long an entry waits; zero: not at all.
    ///   - capacity: entries that wait at most.
    init(pause: Duration, capacity: Int) {
        self.pause = pause
        self.capacity = capacity
    }

    /// - Returns: what is to be stored now, in an order in which no row comes before its call.
    mutating func take(_ writes: [RevisedWrite], at now: ContinuousClock.Instant) -> [RevisedWrite] {
        guard pause > .zero else { return writes }
        var due: [RevisedWrite] = []
        due.reserveCapacity(writes.count)
        for write in writes {
            switch write.write {
            case .journal(let entry):
                hold(write, entry, at: now)
                if isFull(entry.callID) { release(entry.callID, into: &due) }
            case .call(let record), .announcedCall(let record, _):
                if record.endedAt != nil { release(record.id, into: &due) }
                due.append(write)
            case .turn(let record):
                release(record.callID, into: &due)
                due.append(write)
            case .tool(let record):
                release(record.callID, into: &due)
                due.append(write)
            case .recording, .incident: due.append(write)
            }
        }
        if count > capacity { return due + releaseAll() }
        guard count > 0, now >= nextLook ?? now else { return due }
        nextLook = now + pause / 8
        for (call, held) in waiting where held.since + pause <= now { release(call, into: &due) }
        return due
    }

    /// Everything that waits.
    mutating func releaseAll() -> [RevisedWrite] {
        defer {
            waiting = [:]
            count = 0
        }
        return waiting.values.flatMap(\.writes)
    }

    private mutating func hold(_ write: RevisedWrite, _ entry: JournalRecord, at now: ContinuousClock.Instant) {
        waiting[entry.callID, default: Waiting(since: now)].writes.append(write)
        waiting[entry.callID]?.size += entry.size
        count += 1
    }

    private func isFull(_ call: String) -> Bool {
        waiting[call].map { $0.size >= JournalRow.mostBytes || $0.writes.count >= JournalRow.mostEntries } ?? false
    }

    private mutating func release(_ call: String, into due: inout [RevisedWrite]) {
        guard let held = waiting.removeValue(forKey: call) else { return }
        count -= held.writes.count
        due += held.writes
    }
}
