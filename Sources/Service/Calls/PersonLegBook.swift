import Foundation
import Logging
import Store

/// What the store knows of calls to people, so that somebody ends them should this process not; see ``UnwantedPeople``.
///
/// A call goes on where nothing can be stored of it.
struct PersonLegBook: Sendable {
    let store: Store
    /// This one.
    let node: String
    let logger: Logger

    /// How long a caller waits for the store.
    private static let patience = Duration.seconds(2)

    /// The carrier is about to be asked for the call. Returns when that is stored, or after a while without.
    func open(_ id: String, for caller: String, of carrier: String, to number: String, from callerID: String) async {
        let leg = PersonLegRecord(
            id: id, callID: caller, node: node, carrier: carrier, number: number, callerID: callerID, askedAt: Date())
        _ = await BriefWait.result(within: Self.patience) { await attempt(id) { try await store.add(leg) } }
    }

    /// The carrier has named the call.
    func name(_ id: String, _ carrierCall: String) async {
        await attempt(id) { try await store.name(personLeg: id, carrierCallID: carrierCall) }
    }

    /// It is over, or was never placed.
    func close(_ id: String) async {
        await attempt(id) { try await store.remove(personLeg: id) }
    }

    /// Nobody waits for it, and it could not be ended.
    func abandon(_ id: String) async {
        await attempt(id) { try await store.abandon(personLeg: id) }
    }

    private func attempt(_ id: String, _ work: () async throws -> Void) async {
        do { try await work() } catch {
            logger.warning(
                "what is known of the call to a person is not stored; should this process end now, nobody ends that call",
                metadata: ["call.id": "\(id)", "reason": "\(error)"])
        }
    }
}
