package import Logging
import Synchronization

/// Takes records from any thread and brings them into the store, in batches, without anybody waiting for it.
///
/// What the database does not take (another process holds it, the disk is full, more comes than it can store) goes to
/// the spill file and from there into the database as soon as it works again, or at the next start. Only what finds
/// that file full is lost; ``metrics`` counts it.
package final class StoreWriter: Sendable {
    let store: Store
    let options: StoreWriterOptions
    let logger: Logger
    let inbox: WriteInbox
    let spill: SpillFile
    let counters = WriterCounters()
    let desk = FlushDesk()

    /// Of the last record handed over. Begins at the wall time in microseconds, so that it grows from start to start.
    private let revision: Atomic<Int>
    private let isClosed = Atomic<Bool>(false)
    private let hasRun = Atomic<Bool>(false)
    /// Set by a writer that is about to wait; whoever sees it wakes the writer.
    private let isWaiting = Atomic<Bool>(false)
    private let probeIsDue = Atomic<Bool>(false)
    private let (wakes, wake) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    private let (alarms, alarm) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))

    /// Opens the spill file; nothing is written before ``run()``.
    ///
    /// - Throws: ``StoreError`` when the spill file cannot be had: `locked` means another service uses this store.
    package init(
        store: Store, options: StoreWriterOptions = StoreWriterOptions(), logger: Logger
    ) throws(StoreError) {
        self.store = store
        self.options = options
        self.logger = logger
        inbox = WriteInbox(capacity: max(options.capacity, 16))
        spill = try SpillFile(
            path: options.spillPath ?? store.path + ".spill.jsonl", capacity: options.spillCapacity, counters: counters)
        revision = Atomic(WallClock.microseconds)
    }

    package var metrics: StoreWriterMetrics { counters.snapshot(queued: inbox.count) }

    /// Hands a record over. Any thread; takes well under a microsecond, allocates, and never waits.
    ///
    /// - Returns: `false` when it was dropped (and counted): the queue is full, or the writer closed.
    @discardableResult
    package func enqueue(_ write: StoreWrite) -> Bool {
        guard !isClosed.load(ordering: .acquiring) else { return drop() }
        let revised = RevisedWrite(revision: revision.wrappingAdd(1, ordering: .relaxed).newValue, write: write)
        guard case .added(let count) = inbox.add(revised) else { return drop() }
        if count == inbox.capacity / 2 { alarm.yield() }
        if isWaiting.exchange(false, ordering: .sequentiallyConsistent) { wake.yield() }
        return true
    }

    /// Writes until ``close()``, or until the task is cancelled; then stores or spills what is left and returns.
    /// Called again it only waits for that.
    package func run() async {
        // A writer closed before this task got its turn has done its work already.
        if hasRun.exchange(true, ordering: .acquiringAndReleasing) { return await desk.finished() }
        await withTaskGroup { group in
            group.addTask { await self.relieve() }
            group.addTask { await self.probeRegularly() }
            group.addTask { await self.wakeForJournals() }
            await write()
            group.cancelAll()
        }
        isClosed.store(true, ordering: .releasing)
        // What slipped in since the last round.
        await spill(inbox.close()[...])
        await spill.release()
        await desk.finish()
    }

    /// Returns when every record handed over before is stored, spilled or counted as lost. Needs ``run()``.
    package func flush() async {
        await desk.settled { [wake] in wake.yield() }
    }

    /// Takes no more records and returns when the last one is settled.
    package func close() async {
        isClosed.store(true, ordering: .releasing)
        wake.yield()
        await run()
    }

    /// Tries a failing database again at the next opportunity, and brings what was spilled into it.
    func probe() {
        probeIsDue.store(true, ordering: .releasing)
        wake.yield()
    }

    private func drop() -> Bool {
        counters.dropped.add(1)
        return false
    }

    // MARK: The tasks of a running writer

    private func write() async {
        var wakes = wakes.makeAsyncIterator()
        var linger = JournalLinger(pause: options.journalPause, capacity: options.capacity)
        var isOver = false
        await replay()
        while !isOver {
            isWaiting.store(true, ordering: .sequentiallyConsistent)
            if inbox.isEmpty, !isClosed.load(ordering: .acquiring) { _ = await wakes.next() }
            isWaiting.store(false, ordering: .relaxed)
            // Read before the round: what was handed over before the closing is in the inbox by now.
            isOver = Task.isCancelled || isClosed.load(ordering: .acquiring)
            if !isOver { try? await Task.sleep(for: options.linger) }
            // Whoever waits for a flush, and the end, wait for no company.
            let isAwaited = await desk.roundBegan()
            await round(&linger, holdsNothing: isAwaited || isOver)
            await desk.roundEnded()
        }
    }

    private func round(_ linger: inout JournalLinger, holdsNothing: Bool) async {
        let isProbe = probeIsDue.exchange(false, ordering: .acquiringAndReleasing)
        let isFailing = counters.isFailing.load(ordering: .relaxed)
        var due = linger.take(inbox.take(), at: .now)
        if holdsNothing || isFailing { due += linger.releaseAll() }
        counters.lingering.store(linger.count, ordering: .relaxed)
        var rest = due[...]
        // While the database fails only a probe asks it again: each try may take as long as the busy time-out.
        if isFailing, !isProbe {
            await spill(rest)
            return
        }
        if isProbe {
            guard await replay() else {
                await spill(rest)
                return
            }
            report(failure: nil)
        }
        while !rest.isEmpty {
            let unstored = await store(rest.prefix(options.batchSize))
            rest = rest.dropFirst(options.batchSize)
            if !unstored.isEmpty {
                await spill(unstored + rest)
                return
            }
        }
    }

    /// Moves records from an inbox that fills faster than the database takes them.
    private func relieve() async {
        for await _ in alarms {
            await desk.reliefBegan()
            await spill(inbox.take()[...])
            await desk.reliefEnded()
        }
    }

    /// Entries that wait are let go also where nothing comes after them.
    private func wakeForJournals() async {
        guard options.journalPause > .zero else { return }
        while (try? await Task.sleep(for: options.journalPause / 2)) != nil {
            if counters.lingering.load(ordering: .relaxed) > 0 { wake.yield() }
        }
    }

    private func probeRegularly() async {
        while (try? await Task.sleep(for: options.probeInterval)) != nil {
            if counters.spillSize.load(ordering: .relaxed) > 0 || counters.isFailing.load(ordering: .relaxed) {
                probe()
            }
        }
    }
}
