import Campaigns
import CoreMetrics
import Foundation
import Logging
import Store
import Telephony

/// Requests for calls, and what follows where the carrier takes none.
extension CampaignRunner {
    /// Asks the carrier for a call, unless its permit has run out meanwhile.
    func dial(_ order: Order) async {
        let id = order.attempt.id
        defer { placing.remove(id) }
        do {
            guard let baseURL, order.permit.holds(at: now()) else {
                return await finish(
                    order.attempt, .notPlaced, "the permit was too old", next: now(), wasAsked: false)
            }
            guard try await store.markAsked(attempt: id, at: now()) else { return }
            // The store may have taken its time; nothing has left yet.
            guard order.permit.holds(at: now()) else {
                return await finish(
                    order.attempt, .notPlaced, "the permit was too old", next: now(), wasAsked: false)
            }
            let query = "?attempt=\(id)"
            func path(_ path: OutboundPath) -> String { "\(baseURL)/\(carrier.name)/\(path.rawValue)" }
            let request = OutboundCallRequest(
                to: order.permit.number, from: order.permit.callerID, answerURL: path(.answer) + query,
                statusURL: path(.status) + query,
                machineURL: order.findsMachines ? path(.machine) + query : nil,
                ringTimeout: order.ringTimeout)
            let call = try await carrier.place(request)
            known.insert(id)
            rest.answered()
            // Where it is named later, its first news or the carrier's list tell.
            guard let call else { return }
            _ = try await store.markPlaced(attempt: id, carrierCallID: call.id, at: now())
        } catch let error as CallControlError {
            await refused(order.attempt, error)
        } catch {
            logger.error("an attempt is not stored", metadata: ["attempt": "\(id)", "reason": "\(error)"])
        }
    }

    private func refused(_ attempt: AttemptRecord, _ error: CallControlError) async {
        logger.warning("the carrier placed no call", metadata: ["attempt": "\(attempt.id)", "reason": "\(error)"])
        switch error.code {
        case .notSent: await finish(attempt, .notPlaced, error.detail, next: failed(.unreachable))
        case .tooMany(let retry): await finish(attempt, .notPlaced, error.detail, next: failed(.busy(retry)))
        case .refused(401, _), .refused(403, _):
            await finish(attempt, .notPlaced, error.detail, next: failed(.busy(.seconds(60))))
            await pauseAll("the carrier does not accept the account: \(error.detail)", .account)
        case .wrongNumber:
            rest.answered()
            do { try await block(attempt.number, .wrongNumber, error.detail) } catch {
                return logger.error(
                    "a wrong number is not stored", metadata: ["attempt": "\(attempt.id)", "reason": "\(error)"])
            }
            await finish(attempt, .wrongNumber, error.detail)
        case .refused:
            rest.answered()
            await finish(attempt, .failed, error.detail)
        case .ambiguous, .noSuchCall:
            // It may ring by now. The carrier's list tells, in a while.
            _ = failed(error.retryAfter.map { .busy($0) } ?? .unreachable)
        }
    }

    /// - Returns: when a call that was certainly not placed may be tried again.
    private func failed(_ fault: CarrierRest.Fault) -> Date {
        let before = rest.count
        let next = rest.failed(fault, at: now())
        if rest.count > before { Counter(label: "parley_campaign_rests_total", factory: factory).increment() }
        return next
    }

    private func pauseAll(_ reason: String, _ cause: PauseCause) async {
        for record in (try? await store.campaigns(in: .running)) ?? [] { await pause(record, reason, cause) }
    }

    func pause(_ record: CampaignRecord, _ reason: String, _ cause: PauseCause) async {
        logger.error("campaign paused", metadata: ["campaign": "\(record.name)", "reason": "\(reason)"])
        let moment = now()
        do {
            let isFirst = try await store.moveCampaign(
                id: record.id, from: [.running], to: .paused, reason: reason, at: moment
            ) { [webhooks] in webhooks.campaignPaused(record, reason: reason, at: moment) }
            guard isFirst else { return }
            pauses(cause).increment()
            try? await countPaused()
        } catch { logger.error("the pause is not stored", metadata: ["reason": "\(error)"]) }
    }

    nonisolated func pauses(_ cause: PauseCause) -> Counter {
        Counter(label: "parley_campaign_pauses_total", dimensions: [("cause", cause.rawValue)], factory: factory)
    }

    func countPaused() async throws {
        let paused = try await store.campaignCount(in: .paused)
        Gauge(label: "parley_campaigns_paused", factory: factory).record(paused)
    }
}
