import CallSession
import Foundation
import Store

/// The rows of one virtual call, to be looked at, replayed and tuned with like those of a real one.
///
/// Belongs to the task that holds the call.
final class VirtualJournal {
    private var file: CallFile
    private var writes: [StoreWrite]

    /// - Parameters:
    ///   - id: of the call.
    ///   - isPlaced: the agent calls.
    ///   - now: of the scenario's world.
    init(
        id: String, agent: String, version: String, settings: ConversationSettings, isPlaced: Bool,
        now: @escaping @Sendable () -> Date
    ) {
        file = CallFile(
            call: CallRecord(
                id: id, carrier: "virtual", direction: isPlaced ? .outbound : .inbound,
                from: isPlaced ? Scenario.calledNumber : Scenario.callerNumber,
                to: isPlaced ? Scenario.callerNumber : Scenario.calledNumber, agent: agent, agentVersion: version,
                startedAt: now()),
            actingTools: [], settings: settings, clock: now)
        writes = file.opening
    }

    func take(_ event: CallEvent) { writes += file.fold(event) }

    func store(in store: Store) async throws {
        try await store.apply(writes.enumerated().map { RevisedWrite(revision: $0.offset + 1, write: $0.element) })
    }
}
