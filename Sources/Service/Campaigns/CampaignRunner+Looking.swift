import Campaigns
import Foundation
import Logging
import Store
import Telephony

/// Attempts that have not ended, and nobody tells of: what became of them is found out.
extension CampaignRunner {
    /// Reads those attempts alone of which there may be something to find out: of thousands that are under way nearly all have
    /// news coming.
    func lookAfterAttempts() async throws {
        // Those under way now change while the others are looked after: what is read of them here is old by then.
        let underWay = placing
        let moment = now()
        var placedBy: Date?
        // Who has talked for longer than that stays overdue, and is asked about now and then.
        let pause = min(options.recheck, options.silence) / 4
        if nextLongLook.isOver(at: moment, chosenWithin: pause) {
            nextLongLook = moment + pause
            placedBy = moment - options.silence
        }
        var attempts = try await store.attemptsUnderWay(askedBy: moment - options.grace, placedBy: placedBy)
        let ids = Set(strangers.filter { isOver(nextChecks[$0] ?? moment, at: moment) })
            .union(concluding.filter { isOver($0.value.until, at: moment) }.keys).subtracting(attempts.map(\.id))
        for id in ids.sorted() {
            guard let attempt = try await store.attempt(id: id), attempt.state != .ended else {
                forget(id)
                continue
            }
            attempts.append(attempt)
        }
        for attempt in attempts where !underWay.contains(attempt.id) { await look(after: attempt) }
    }

    /// An attempt that has not ended: is there anything to be found out?
    private func look(after attempt: AttemptRecord) async {
        guard !placing.contains(attempt.id) else { return }
        if let waiting = concluding[attempt.id], isOver(waiting.until, at: now()) {
            await conclude(attempt, waiting.report)
        }
        do {
            switch attempt.state {
            case .intent:
                // Of a process that is no more: the request never left.
                await finish(attempt, .notPlaced, "it was never asked for", next: now(), wasAsked: false)
            case .asked:
                let asked = attempt.askedAt ?? attempt.intendedAt
                guard isDue(attempt, asked + options.grace) else { return }
                try await find(attempt, asked: asked)
            case .placed:
                let placed = attempt.placedAt ?? attempt.intendedAt
                let first = known.contains(attempt.id) ? placed + options.silence : now()
                guard isDue(attempt, first), let id = attempt.carrierCallID else { return }
                try await ask(attempt, id)
            case .ended: break
            }
        } catch {
            logger.warning(
                "the carrier does not tell about a call", metadata: ["attempt": "\(attempt.id)", "reason": "\(error)"])
        }
    }

    /// Of moments that the options put ahead.
    func isOver(_ moment: Date, at now: Date) -> Bool {
        moment.isOver(
            at: now, chosenWithin: max(options.grace, options.silence, max(options.recheck, options.mediaEnd)))
    }

    private func isDue(_ attempt: AttemptRecord, _ first: Date) -> Bool {
        guard isOver(nextChecks[attempt.id] ?? first, at: now()) else { return false }
        nextChecks[attempt.id] = now() + options.recheck
        return true
    }

    /// The answer to a request is missing: does the carrier have the call?
    private func find(_ attempt: AttemptRecord, asked: Date) async throws {
        // Numbers are called by one attempt at a time, so a call since then is this one's. The carrier counts in whole
        // seconds, by a clock of its own.
        let found = try await carrier.calls(to: attempt.number, from: attempt.callerID, since: asked - 5)
        let recent = found.calls.filter { ($0.created ?? .distantPast) >= asked - 5 }
        // One that was called again at once has an older call in these seconds.
        let taken = try await store.attempts(ofCarrierCalls: recent.map(\.id)).filter { $0.value != attempt.id }
        guard let call = recent.last(where: { taken[$0.id] == nil }) else {
            let first = firstMisses[attempt.id] ?? .now
            firstMisses[attempt.id] = first
            // A clock that was put forward says that it was long ago, while the list may be behind: it is looked at twice, by a
            // clock that nobody sets.
            guard now() > asked + options.patience, ContinuousClock.now - first >= .seconds(options.recheck) else {
                return
            }
            // Who would be called again might be called at this moment.
            guard found.isComplete else {
                return logger.warning(
                    "the carrier has more calls than can be looked at; whether it placed one stays open",
                    metadata: ["attempt": "\(attempt.id)"])
            }
            await finish(attempt, .notPlaced, "the carrier has no such call")
            return
        }
        logger.info("the carrier had the call", metadata: ["attempt": "\(attempt.id)", "carrier.call": "\(call.id)"])
        guard try await store.markPlaced(attempt: attempt.id, carrierCallID: call.id, at: now()) else { return }
        if !known.contains(attempt.id) { strangers.insert(attempt.id) }
        guard call.status.isTerminal, let found = try await store.attempt(id: attempt.id) else { return }
        await conclude(found, CarrierReport(looked: call))
    }

    /// News of a placed call are missing: how is it?
    private func ask(_ attempt: AttemptRecord, _ id: String) async throws {
        do {
            let call = try await carrier.call(id: id)
            missing.remove(attempt.id)
            if call.status.isTerminal {
                await conclude(attempt, CarrierReport(looked: call))
            }
        } catch {
            guard error.code == .noSuchCall else { throw error }
            // On its way from one of the carrier's lists to the next it may be on neither.
            guard !missing.insert(attempt.id).inserted else { return }
            await finish(attempt, .failed, "the carrier does not know the call any more")
        }
    }
}
