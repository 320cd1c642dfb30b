import Agent
import Foundation
import Logging
import Store

/// Goes on with calls whose node is no more, when their carrier asks what to do: the driver around ``ResumptionRule``.
struct CallResumer: Sendable {
    /// A call that goes on here.
    struct Resumed: Sendable {
        /// As it was on the node before.
        var call: CallRecord
        var history: [RememberedEvent]
    }

    enum Outcome: Sendable {
        /// Nobody knows the call, or nobody can be asked: it is answered like any other.
        case begin
        case resume(CallDesk.Expected)
        case end
    }

    let store: Store
    let rule: ResumptionRule
    /// How long a node that may be alive gets to end a call.
    var grace = Duration.seconds(1)
    let logger: Logger

    /// - Parameter time: since 1970.
    func outcome(
        of request: ResumptionRule.Request, carrier: String, carrierCallID: String, at time: Duration
    ) async -> Outcome {
        do {
            return try await decide(request, carrier, carrierCallID, time)
        } catch {
            logger.error(
                "what is stored of a call cannot be read, so it does not go on where it was cut off",
                metadata: ["carrier": "\(carrier)", "carrier.call": "\(carrierCallID)", "reason": "\(error)"])
            return request == .fallback ? .begin : .end
        }
    }

    private func decide(
        _ request: ResumptionRule.Request, _ carrier: String, _ carrierCallID: String, _ time: Duration
    ) async throws -> Outcome {
        let end = ContinuousClock.now + grace
        while true {
            let found = try await store.call(carrier: carrier, carrierCallID: carrierCallID)
            switch rule.verdict(on: request, of: found?.call, holder: found?.node) {
            case .begin: return .begin
            case .end(let reason):
                logger.info(
                    "a call does not go on here", metadata: ["carrier.call": "\(carrierCallID)", "reason": "\(reason)"])
                return .end
            case .resumeUnlessEnded where ContinuousClock.now < end: try await Task.sleep(for: .milliseconds(100))
            case .resume, .resumeUnlessEnded:
                guard let call = found?.call else { return .end }
                return try await take(call, carrierCallID, time)
            }
        }
    }

    private func take(_ call: CallRecord, _ carrierCallID: String, _ time: Duration) async throws -> Outcome {
        // Read before it is taken: who cannot read it leaves it to another node.
        let history = try await CallMemory.load(call, from: store)
        guard case .taken(let id) = try await store.resume(call.id, as: CallID.new(), by: rule.node) else {
            logger.info("a call goes on elsewhere", metadata: ["call.id": "\(call.id)"])
            return .end
        }
        logger.warning(
            "a call goes on whose node is no more",
            metadata: [
                "call.id": "\(id)", "resumes": "\(call.id)", "node": "\(call.node ?? "unknown")",
                "carrier.call": "\(carrierCallID)",
            ])
        var expected = CallDesk.Expected(
            callID: id, agent: call.agent, from: call.from, to: call.to, expires: time)
        expected.resumed = Resumed(call: call, history: history)
        return .resume(expected)
    }
}
