import Foundation
import Logging
import Networking
import Telephony

/// What carriers ask and tell about calls that we placed, whatever their words for it.
struct PlacedCalls: Sendable {
    private let runner: CampaignRunner
    private let desk: CallDesk
    private let logger: Logger

    /// Nil where nobody places calls with that carrier.
    init?(_ runner: CampaignRunner?, carrier: String, desk: CallDesk, logger: Logger) {
        guard let runner, runner.carrierName == carrier else { return nil }
        self.runner = runner
        self.desk = desk
        self.logger = logger
    }

    /// The attempt that the address of a webhook names.
    static func attempt(in request: HTTPRequest) -> String? {
        (try? FormBody(decoding: Array(request.query.utf8)))?["attempt"]
    }

    /// Somebody or something answered.
    ///
    /// - Parameters:
    ///   - carrierCallID: by which the media will ask.
    ///   - controlID: by which the carrier ends and looks up the call.
    ///   - time: since 1970.
    /// - Returns: whether the media are expected; if not, the call has to end.
    func answered(attempt: String, carrierCallID: String, controlID: String, at time: Duration) async -> Bool {
        // The call has the attempt's id, which whoever asked for it knows.
        let found = await runner.answered(attempt: attempt, carrierCallID: controlID, callID: attempt)
        guard let outbound = found else { return false }
        let call = CallDesk.Expected(
            callID: attempt, agent: outbound.agent, from: outbound.callerID, to: outbound.number, expires: time,
            outbound: outbound)
        guard let refusal = desk.expect(carrierCallID: carrierCallID, call, now: time) else { return true }
        logger.error(
            "a person who answered gets no agent",
            metadata: ["carrier.call": "\(carrierCallID)", "reason": "\(refusal.rawValue)"])
        return false
    }

    /// The carrier's verdict on who answered.
    func machine(attempt: String, carrierCallID: String, controlID: String, answeredBy: String) async {
        let callID = await runner.machine(attempt: attempt, carrierCallID: controlID, answeredBy: answeredBy)
        guard let callID else { return }
        await desk.answered(callID: callID, carrierCallID: carrierCallID, by: answeredBy)
    }

    func status(attempt: String, controlID: String, _ report: CarrierReport) async {
        await runner.status(attempt: attempt, carrierCallID: controlID, report)
    }
}
