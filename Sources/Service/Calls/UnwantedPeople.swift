import Foundation
import Logging
import Networking
import Store
import Telephony

/// Ends calls to people for whom nobody waits any more, where their node is no more or could not end them.
///
/// The carrier's news of such a call lead to the node that placed it, so that nobody else hears of it: the store has it. A call is
/// looked at again until the carrier says that it is over, some times at most.
final class UnwantedPeople: Sendable {
    /// What came of one.
    enum Result: String, Sendable, CaseIterable {
        /// The carrier says so.
        case over
        /// The carrier has no such call.
        case unknown
        /// Asked for so often in vain.
        case failed
    }

    /// What is to be done about a call, as far as the carrier tells; a value.
    enum Step: Sendable, Equatable {
        /// It rings.
        case cancel(String)
        /// Somebody is on the line.
        case hangUp(String)
        /// It may be too new, or somebody else's: looked for again.
        case lookAgain
        case settle(Result)

        /// - Parameters:
        ///   - call: as the carrier has it; nil where it has none.
        ///   - tries: looks at it, this one among them.
        init(_ call: CarrierCall?, tries: Int) {
            guard let call else {
                // A list may be behind its calls.
                self = tries < UnwantedPeople.leastLooks ? .lookAgain : .settle(.unknown)
                return
            }
            if call.status.isTerminal {
                self = .settle(.over)
            } else {
                self = call.status == .inProgress ? .hangUp(call.id) : .cancel(call.id)
            }
        }
    }

    /// Looks until a call that the carrier does not have is given up.
    static let leastLooks = 3
    /// Looks at one call at most.
    static let mostTries = 20
    /// Calls that are looked at together.
    private static let batch = 20

    private let store: Store
    private let carriers: PersonCarriers
    private let node: String
    private let pace: Duration
    private let counts = Lock(Dictionary(uniqueKeysWithValues: Result.allCases.map { ($0, 0) }))
    private let logger: Logger

    /// - Parameters:
    ///   - node: this one.
    ///   - pace: between two looks.
    init(store: Store, carriers: PersonCarriers, node: String, pace: Duration, logger: Logger) {
        self.store = store
        self.carriers = carriers
        self.node = node
        self.pace = pace
        self.logger = logger
    }

    /// For the page of metrics.
    var samples: [PrometheusSample] {
        counts.withLock { $0 }.sorted { $0.key.rawValue < $1.key.rawValue }.map {
            .counter("parley_people_called_off_total", $0.value, dimensions: [("result", $0.key.rawValue)])
        }
    }

    /// Looks until it is cancelled.
    func run() async {
        repeat { await look() } while (try? await Task.sleep(for: pace)) != nil
    }

    /// One look.
    func look() async {
        let legs: [PersonLegRecord]
        do {
            legs = try await store.takeUnwanted(by: node, isAlone: !store.isShared, limit: Self.batch)
        } catch {
            guard !Task.isCancelled else { return }
            logger.warning("calls to people are not looked after", metadata: ["reason": "\(error)"])
            return
        }
        await withDiscardingTaskGroup { group in
            for leg in legs where leg.carrierCallID != nil { group.addTask { await self.end(leg) } }
            // Of those between the same numbers one gets its name after the other, that no two take the same call.
            let unnamed = Dictionary(grouping: legs.filter { $0.carrierCallID == nil }) { [$0.carrier, $0.number] }
            for legs in unnamed.values { group.addTask { for leg in legs { await self.end(leg) } } }
        }
    }

    private func end(_ leg: PersonLegRecord) async {
        var reason = "the carrier does not say that it is over"
        do {
            guard let control = carriers[leg.carrier] else {
                throw CallControlError(
                    .notSent, operation: "end a call", detail: carriers.objection(to: leg.carrier))
            }
            switch Step(try await call(of: leg, control), tries: leg.tries) {
            case .cancel(let id):
                tell(leg, id)
                try await control.cancel(callID: id)
            case .hangUp(let id):
                tell(leg, id)
                try await control.hangUp(callID: id)
            case .lookAgain: break
            case .settle(let result): return try await settle(leg, result)
            }
        } catch { reason = "\(error)" }
        guard leg.tries >= Self.mostTries else { return }
        logger.error(
            "a call to a person, for whom nobody waits any more, cannot be ended",
            metadata: [
                "carrier": "\(leg.carrier)", "carrier.call": "\(leg.carrierCallID ?? "unknown")", "reason": "\(reason)",
            ])
        do { try await settle(leg, .failed) } catch {
            logger.warning("calls to people are not looked after", metadata: ["reason": "\(error)"])
        }
    }

    private func tell(_ leg: PersonLegRecord, _ carrierCall: String) {
        logger.notice(
            "nobody waits any more for a person who is called; the call is ended",
            metadata: [
                "carrier": "\(leg.carrier)", "carrier.call": "\(carrierCall)", "call.id": "\(leg.callID)",
            ])
    }

    private func settle(_ leg: PersonLegRecord, _ result: Result) async throws {
        try await store.remove(personLeg: leg.id)
        counts.withLock { $0[result, default: 0] += 1 }
    }

    /// As the carrier has it; nil where it has none, or none that can be told from others.
    private func call(of leg: PersonLegRecord, _ control: CallControl) async throws -> CarrierCall? {
        if let id = leg.carrierCallID { return try await Self.call(id, control) }
        // Its node ended before the carrier had named it.
        let page = try await control.calls(to: leg.number, from: leg.callerID, since: UnnamedLegs.earliest(of: leg))
        let open = page.calls.filter { !$0.status.isTerminal }
        // Read after the list: whatever is on it was noted before the carrier was asked for it.
        let legs = try await store.personLegs()
        let claimed = try await store.claimed(carrierCallIDs: open.map(\.id), of: leg.carrier)
        let left = open.filter { !claimed.contains($0.id) }
        guard page.isComplete, let call = UnnamedLegs.call(of: leg, among: legs, in: left) else { return nil }
        try await store.name(personLeg: leg.id, carrierCallID: call.id)
        return call
    }

    private static func call(_ id: String, _ control: CallControl) async throws(CallControlError) -> CarrierCall? {
        do throws(CallControlError) { return try await control.call(id: id) } catch {
            guard error.code == .noSuchCall else { throw error }
            return nil
        }
    }
}
