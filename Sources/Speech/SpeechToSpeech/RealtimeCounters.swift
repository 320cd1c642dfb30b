package import Synchronization

/// What went by on all calls that speak through a model; counted up only.
package final class RealtimeCounters: Sendable {
    /// Connections that broke, or could not be had.
    package let connectionsLost = Atomic<Int>(0)
    /// Messages that could not be read.
    package let unreadable = Atomic<Int>(0)
    /// Pieces of responses that had been given up.
    package let lateDeltas = Atomic<Int>(0)
    /// Responses that brought more audio than may wait.
    package let overlong = Atomic<Int>(0)
    /// Messages of ours that the vendor had something against.
    package let complaints = Atomic<Int>(0)
    /// Spoken items of which the vendor was told how much was heard.
    package let truncations = Atomic<Int>(0)

    package init() {}

    /// - Returns: `counts`.
    func add(
        _ counts: RealtimeConversation.Counts, since before: RealtimeConversation.Counts
    ) -> RealtimeConversation.Counts {
        guard counts != before else { return counts }
        lateDeltas.wrappingAdd(counts.lateDeltas - before.lateDeltas, ordering: .relaxed)
        overlong.wrappingAdd(counts.overlong - before.overlong, ordering: .relaxed)
        complaints.wrappingAdd(counts.complaints - before.complaints, ordering: .relaxed)
        truncations.wrappingAdd(counts.truncations - before.truncations, ordering: .relaxed)
        return counts
    }
}
