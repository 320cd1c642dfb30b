import Synchronization

/// The counters behind ``StoreWriterMetrics``, from any thread.
final class WriterCounters: Sendable {
    let written = Atomic<Int>(0)
    let batches = Atomic<Int>(0)
    let spilled = Atomic<Int>(0)
    let replayed = Atomic<Int>(0)
    let rejected = Atomic<Int>(0)
    let dropped = Atomic<Int>(0)
    let retried = Atomic<Int>(0)
    /// Entries of journals that wait for more of their call.
    let lingering = Atomic<Int>(0)
    let spillSize = Atomic<Int>(0)
    let isFailing = Atomic<Bool>(false)

    func snapshot(queued: Int) -> StoreWriterMetrics {
        StoreWriterMetrics(
            queued: queued + lingering.load(ordering: .relaxed), written: written.load(ordering: .relaxed),
            batches: batches.load(ordering: .relaxed),
            spilled: spilled.load(ordering: .relaxed), replayed: replayed.load(ordering: .relaxed),
            rejected: rejected.load(ordering: .relaxed), dropped: dropped.load(ordering: .relaxed),
            retried: retried.load(ordering: .relaxed), spillSize: spillSize.load(ordering: .relaxed),
            isFailing: isFailing.load(ordering: .relaxed))
    }
}

extension Atomic where Value == Int {
    func add(_ count: Int) { wrappingAdd(count, ordering: .relaxed) }
}
