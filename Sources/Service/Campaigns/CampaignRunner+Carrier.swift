import CallSession
import Campaigns
import Foundation
import Logging
import Store
import Telephony

/// What the carrier says about a call that is over.
struct CarrierReport: Sendable, Equatable {
    var status: CarrierCall.Status
    var sipCode: Int?
    var duration: Duration?
    /// What else the carrier says of why it ended.
    var cause: String?
    /// Who was called, where news of other calls may come to the same place.
    var to: String?
}

extension CarrierReport {
    /// What the carrier's books say, where its news did not come.
    init(looked call: CarrierCall) {
        self.init(status: call.status, sipCode: call.sipCode, duration: call.duration)
    }
}

/// The carrier's questions and news, and ours to it.
extension CampaignRunner {
    /// Somebody or something answered: what is the call about?
    ///
    /// - Parameter callID: of the call that will be held.
    /// - Returns: nil when the call must not be held: it is not one of ours, or is one too many.
    func answered(attempt id: String, carrierCallID: String, callID: String) async -> OutboundCall? {
        do {
            guard let attempt = try await store.attempt(id: id), attempt.state != .ended,
                try await adopt(attempt, carrierCallID: carrierCallID),
                let contact = try await store.contact(id: attempt.contactID),
                let campaign = try await campaign(of: attempt)
            else { return nil }
            _ = try await store.note(attempt: id, answeredAt: now(), callID: callID)
            return OutboundCall(
                attempt: id, number: attempt.number, callerID: attempt.callerID, agent: attempt.agent,
                seller: campaign.seller, variables: contact.variables, placed: campaign.placedCall,
                carrierAnswer: attempt.answeredBy)
        } catch {
            logger.error("an answered call cannot be held", metadata: ["attempt": "\(id)", "reason": "\(error)"])
            return nil
        }
    }

    /// Takes the carrier's id for the attempt's.
    ///
    /// - Returns: false when the attempt has another call; then this one is ended.
    private func adopt(_ attempt: AttemptRecord, carrierCallID: String) async throws -> Bool {
        known.insert(attempt.id)
        strangers.remove(attempt.id)
        if attempt.carrierCallID == carrierCallID { return true }
        if try await store.markPlaced(attempt: attempt.id, carrierCallID: carrierCallID, at: now()) { return true }
        logger.critical(
            "the carrier has a second call for one attempt; it is ended",
            metadata: ["attempt": "\(attempt.id)", "carrier.call": "\(carrierCallID)"])
        try? await carrier.hangUp(callID: carrierCallID)
        return false
    }

    /// News of a call. Said twice, late or out of order it changes nothing that is settled.
    ///
    /// So neither the carriers' sequence numbers nor their times are read: of the states on the way only that it was answered is
    /// kept, by the first news that says so, and after the end nothing is.
    func status(attempt id: String, carrierCallID: String, _ report: CarrierReport) async {
        do {
            guard let attempt = try await store.attempt(id: id), attempt.state != .ended,
                report.to ?? attempt.number == attempt.number
            else { return }
            guard try await adopt(attempt, carrierCallID: carrierCallID) else { return }
            if report.status.isTerminal {
                await conclude(attempt, report)
            } else if report.status == .inProgress {
                _ = try await store.note(attempt: id, answeredAt: now())
            }
        } catch {
            logger.error("news of a call are not stored", metadata: ["attempt": "\(id)", "reason": "\(error)"])
        }
    }

    /// Whether a person or a machine answered, as the carrier hears it.
    ///
    /// - Returns: the call that must hear of it; nil when it is none of ours.
    func machine(attempt id: String, carrierCallID: String, answeredBy: String) async -> String? {
        do {
            guard try await store.note(attempt: id, answeredBy: answeredBy),
                let attempt = try await store.attempt(id: id),
                attempt.carrierCallID == carrierCallID
            else { return nil }
            return attempt.callID
        } catch {
            logger.warning(
                "what the carrier says of who answered is lost", metadata: ["attempt": "\(id)", "reason": "\(error)"])
            return nil
        }
    }

    private func campaign(of attempt: AttemptRecord) async throws -> CampaignDefinition? {
        try await store.campaign(id: attempt.campaignID)
            .map { try CampaignDefinition(stored: $0.definition) }
    }

    // MARK: The end

    /// - Returns: how long somebody waited for the agent, where the store did not take it.
    @discardableResult
    func mediaEnded(_ call: HeldCall) async -> OwedGreeting? {
        held[call.attempt] = call
        var owed: OwedGreeting?
        if let delay = call.greetingDelay {
            owed = await note(OwedGreeting(attempt: call.attempt, delay: delay))
        }
        if let answerer = call.answerer {
            do { _ = try await store.note(attempt: call.attempt, answerer: answerer.rawValue) } catch {
                logger.warning(
                    "who answered is not stored", metadata: ["attempt": "\(call.attempt)", "reason": "\(error)"])
            }
        }
        guard let waiting = concluding[call.attempt] else {
            // Nobody will ask for it where the attempt has ended without it, or another node looks after it.
            if let attempt = try? await store.attempt(id: call.attempt), attempt.state == .ended {
                held[call.attempt] = nil
            }
            return owed
        }
        if let attempt = try? await store.attempt(id: call.attempt), attempt.state != .ended {
            await conclude(attempt, waiting.report)
        } else {
            held[call.attempt] = nil
        }
        return owed
    }

    /// The carrier says that a call is over: what was it?
    func conclude(_ attempt: AttemptRecord, _ report: CarrierReport) async {
        guard owedOptOuts[attempt.id] == nil else {
            // As long as it is open nobody calls the number, and a process after this one would look at it.
            owedOptOuts[attempt.id]?.report = report
            return
        }
        do {
            let media = held[attempt.id]
            // The media ends at about the same time; who spoke is known only then.
            if report.status == .completed, attempt.callID != nil, media == nil, known.contains(attempt.id) {
                if concluding[attempt.id] == nil {
                    concluding[attempt.id] = (report, now() + options.mediaEnd)
                    return
                }
                guard let waiting = concluding[attempt.id], isOver(waiting.until, at: now()) else { return }
            }
            let (outcome, detail) = try await outcome(of: attempt, report, media)
            if let end = DeadEnd(outcome, sipCode: report.sipCode), try await isSure(end, attempt, report.sipCode) {
                try await block(attempt.number, end, detail)
            }
            await finish(attempt, outcome, detail)
        } catch {
            logger.error(
                "the end of a call is not understood", metadata: ["attempt": "\(attempt.id)", "reason": "\(error)"])
        }
    }

    private func outcome(
        of attempt: AttemptRecord, _ report: CarrierReport, _ media: HeldCall?
    ) async throws -> (AttemptOutcome, String?) {
        let standing = try await store.standing(of: attempt.number, conversations: [], now: now())
        if let entry = standing.suppressions.first(where: { $0.callID != nil && $0.callID == attempt.callID }) {
            return (.optedOut, entry.reason)
        }
        // This process did not hold it, and whichever did may have ended before it could store what the person wanted.
        if media == nil, let callID = attempt.callID,
            let reason = try await recordedOptOut(of: attempt, callID: callID)
        {
            try await store.optOut(number: attempt.number, reason: reason, callID: callID, at: now())
            return (.optedOut, reason)
        }
        let sip = report.cause ?? report.sipCode.map { "SIP \($0)" }
        switch report.status {
        case .busy: return (.busy, sip)
        case .noAnswer: return (.noAnswer, sip)
        case .canceled: return (.cancelled, sip)
        case .failed:
            switch report.sipCode {
            case 404, 410, 484, 604: return (.wrongNumber, sip)
            case 603, 607, 608: return (.rejected, sip)
            default: return (.failed, sip)
            }
        case .queued, .initiated, .ringing, .inProgress, .completed: break
        }
        let talks = try await campaign(of: attempt)?.machine == .talk
        if let media {
            if media.hasLeftMessage { return (.messageLeft, media.reason) }
            if let outcome = Self.outcome(of: media.answerer, attempt.answeredBy, talks: talks) {
                return (outcome, media.reason)
            }
            return Self.outcome(
                turns: media.callerTurns, answerer: media.answerer, wasAudible: media.wasAudible, media.length,
                media.reason)
        }
        guard let callID = attempt.callID else { return (.abandoned, "nobody was there to talk") }
        // This process did not hold it: the call's own record tells.
        guard let story = try? await store.story(ofCall: callID) else {
            if let outcome = Self.outcome(of: nil, attempt.answeredBy, talks: talks) { return (outcome, nil) }
            return Self.outcome(
                turns: 0, answerer: nil, wasAudible: true, report.duration ?? .zero, "the call's record is lost")
        }
        let length = Duration.milliseconds(story.call.duration / 8)
        if story.call.outcome == CallFile.messageLeft { return (.messageLeft, story.call.endReason) }
        let answerer = story.call.answerer.flatMap(Answerer.init)
        if let outcome = Self.outcome(of: answerer, attempt.answeredBy, talks: talks) {
            return (outcome, story.call.endReason)
        }
        return Self.outcome(
            turns: story.call.counts.callerTurns, answerer: answerer,
            wasAudible: story.call.counts.agentTurns > 0 || length > .seconds(2),
            max(length, report.duration ?? .zero), story.call.endReason)
    }

    /// What a call with no person was; nil for one with a person, and where that is not known.
    ///
    /// - Parameters:
    ///   - answerer: by our own ears, which are believed first.
    ///   - answeredBy: in the carrier's words.
    ///   - talks: whether the agent talks to machines as to people.
    private static func outcome(of answerer: Answerer?, _ answeredBy: String?, talks: Bool) -> AttemptOutcome? {
        switch answerer {
        case .fax: return .fax
        case .screening: return .screened
        case .menu: return .menu
        case .machine: return talks ? nil : .machine
        case .person: return nil
        case .unsure, nil:
            if answeredBy == "fax" { return .fax }
            return answeredBy?.hasPrefix("machine") == true && !talks ? .machine : nil
        }
    }

    /// What a call with a person was.
    private static func outcome(
        turns: Int, answerer: Answerer?, wasAudible: Bool, _ length: Duration, _ reason: String?
    ) -> (AttemptOutcome, String?) {
        if !wasAudible, length >= .seconds(2) { return (.abandoned, reason) }
        if turns == 0, length < .seconds(10) { return (.hungUpEarly, reason) }
        // Long, and nobody said anything: no conversation, and most likely no person, unless one was heard.
        if turns == 0, answerer != .person { return (.machine, "nobody spoke") }
        return (.reached, reason)
    }

    // MARK: Blocking

    /// Whether a number is dead: some answers have to be heard on two days, with no call answered in between.
    private func isSure(_ end: DeadEnd, _ attempt: AttemptRecord, _ sipCode: Int?) async throws -> Bool {
        guard end.needsAnotherDay(sipCode: sipCode) else { return true }
        return try await store.wasWrong(number: attempt.number, by: now() - DeadEnd.anotherDay)
    }

    /// Puts a number onto the list without an opt-out: whoever has it has revoked nothing. Stored before the attempt's end, so that
    /// no other campaign calls it in between; one that is on the list stays there as it is.
    func block(_ number: String, _ end: DeadEnd, _ detail: String?) async throws {
        try await store.suppress([
            SuppressionRecord(
                list: SuppressionRecord.internalList, number: number, reason: end.reason(detail), addedAt: now())
        ])
        logger.info("a number is called no more", metadata: ["reason": "\(end.rawValue)"])
    }
}
