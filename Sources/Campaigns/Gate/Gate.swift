package import Foundation
import Store

/// The only thing that can let a call be placed. It closes when anything is in doubt: what is not known counts against
/// the call.
///
/// Every rule is asked, also after one has said no, so that the record tells all that was wrong.
package enum Gate {
    /// A copy of the national registry older than this is no good (16 CFR 310.4(b)(3)(iv)).
    package static let registryDays = 31
    /// When to look again where nothing says when it may be better.
    package static let recheck: TimeInterval = 900
    /// When to look again at a table of holidays that has ended.
    package static let tableRecheck: TimeInterval = 86_400

    /// - Returns: what was decided, and the permit if that is to dial.
    package static func decide(
        _ facts: GateFacts, under rules: CallingRules, at now: Date
    ) -> (decision: GateDecision, permit: DialPermit?) {
        var checks: [GateDecision.Check] = []
        checks.append(doNotCall(facts))
        checks.append(revoked(facts))
        checks.append(registry(facts, now))
        checks.append(number(facts))
        checks.append(consent(facts, now))
        checks.append(disclosure(facts))
        checks.append(callerID(facts, now))
        checks.append(attempts(facts, now))
        checks.append(campaign(facts, now))
        checks.append(agent(facts, now))
        checks.append(openCall(facts, now))
        let hours = CallingHours(facts.campaign, at: facts.place, under: rules)
        checks.append(attemptsPerDay(facts, hours, now))
        checks.append(attemptsPerWeek(facts, now))
        checks.append(quiet(facts, now))
        checks.append(abandonment(facts, now))
        checks.append(timeZone(facts, hours, now))
        let waits = checks.compactMap { if case .wait(let until) = $0.verdict { until } else { nil } }
        checks.append(self.hours(hours, facts, now, earliest: waits.max() ?? now))

        var decision = GateDecision(at: now, verdict: .dial, rule: nil, checks: checks)
        if let never = checks.first(where: { $0.verdict == .never }) {
            decision.verdict = .never
            decision.rule = never.rule
        } else {
            // The latest of all waits, the hours' own being the latest where the others end out of hours.
            for check in checks {
                guard case .wait(let until) = check.verdict else { continue }
                if case .wait(let sofar) = decision.verdict, sofar >= until { continue }
                decision.verdict = .wait(until: until)
                decision.rule = check.rule
            }
        }
        return (decision, permit(facts, decision, within: hours))
    }

    private typealias Check = GateDecision.Check

    private static func doNotCall(_ facts: GateFacts) -> Check {
        guard let entry = facts.suppressions.first(where: { $0.list == SuppressionRecord.internalList }) else {
            return Check(.doNotCall, .dial, "not on the list of this installation")
        }
        return Check(.doNotCall, .never, "on the list since \(entry.addedAt.day): \(entry.reason)")
    }

    private static func revoked(_ facts: GateFacts) -> Check {
        guard let consent = facts.consents.first(where: { $0.revokedAt != nil }), let at = consent.revokedAt else {
            return Check(.revoked, .dial, "no consent was revoked")
        }
        return Check(.revoked, .never, "revoked on \(at.day)")
    }

    private static func registry(_ facts: GateFacts, _ now: Date) -> Check {
        guard facts.campaign.purpose == .telemarketing else {
            return Check(.registry, .dial, "does not apply to \(facts.campaign.purpose.rawValue) calls")
        }
        guard let version = facts.registryVersion else {
            return Check(.registry, .wait(until: now + recheck), "no copy of the national registry is stored here")
        }
        let age = LocalMoment(now, in: .gmt).day - version.epochDay
        guard (0...registryDays).contains(age) else {
            return Check(
                .registry, .wait(until: now + recheck),
                "the copy of the national registry is of \(version), \(age) days old; \(registryDays) are allowed")
        }
        guard facts.suppressions.contains(where: { $0.list == SuppressionRecord.nationalList }) else {
            return Check(.registry, .dial, "not on the registry of \(version)")
        }
        guard currentConsent(facts, now, kinds: [.written]) == nil else {
            return Check(.registry, .dial, "on the registry of \(version), but consented in writing")
        }
        return Check(.registry, .never, "on the registry of \(version)")
    }

    private static func number(_ facts: GateFacts) -> Check {
        guard let number = facts.parsed else { return Check(.number, .never, "not a number that can be called") }
        guard !number.isOverseasNorthAmerican || facts.campaign.countries.contains(number.country) else {
            return Check(.number, .never, "a number of \(number.country), a country of its own in the +1 plan")
        }
        guard facts.campaign.countries.contains(number.country) else {
            return Check(
                .number, .never,
                "a number of \(number.country); the campaign calls \(facts.campaign.countries.joined(separator: ", "))")
        }
        switch number.line {
        case .premiumRate, .sharedCost, .pager, .voicemail:
            return Check(.number, .never, "a \(number.line.rawValue) number")
        case .fixed, .mobile, .fixedOrMobile, .tollFree, .voip, .personal, .company, .unknown:
            return Check(.number, .dial, "\(number.country), \(number.line.rawValue)")
        }
    }

    private static func consent(_ facts: GateFacts, _ now: Date) -> Check {
        let needed: [ConsentRecord.Kind]
        switch facts.campaign.purpose {
        case .emergency: return Check(.consent, .dial, "none is needed in an emergency")
        case .informational: needed = [.express, .written]
        case .telemarketing: needed = [.written]
        }
        guard let consent = currentConsent(facts, now, kinds: needed) else {
            let words = needed.map(\.rawValue).joined(separator: " or ")
            return Check(
                .consent, .never,
                "no valid \(words) consent to \(facts.campaign.seller) is stored; an artificial voice needs one")
        }
        return Check(.consent, .dial, "\(consent.kind.rawValue), given on \(consent.givenAt.day), \(consent.source)")
    }

    private static func currentConsent(_ facts: GateFacts, _ now: Date, kinds: [ConsentRecord.Kind]) -> ConsentRecord? {
        facts.consents.first { consent in
            kinds.contains(consent.kind) && consent.revokedAt == nil && consent.givenAt <= now
                && consent.expiresAt.map { $0 > now } ?? true
                && consent.seller.caseInsensitiveCompare(facts.campaign.seller) == .orderedSame
        }
    }

    private static func disclosure(_ facts: GateFacts) -> Check {
        guard let disclosure = facts.disclosure else {
            return Check(.disclosure, .never, "there is no agent `\(facts.campaign.agent)` that can call")
        }
        guard disclosure.missing.isEmpty else {
            let missing = disclosure.missing.map(\.rawValue).joined(separator: "; ")
            return Check(.disclosure, .never, "the greeting of `\(facts.campaign.agent)` does not say \(missing)")
        }
        return Check(.disclosure, .dial, "the greeting says who calls, that it is automated, and how to opt out")
    }

    private static func callerID(_ facts: GateFacts, _ now: Date) -> Check {
        guard !facts.campaign.callerIDs.isEmpty else {
            return Check(.callerID, .never, "the campaign has no number to call from")
        }
        guard let callerID = facts.callerID else {
            return Check(
                .callerID, .wait(until: now + recheck),
                "every number to call from has made \(facts.campaign.callsPerCallerID) calls in 24 hours")
        }
        return Check(.callerID, .dial, callerID)
    }

    /// Whether they asked to be called by now: then neither the campaign's own limit nor its time of rest is theirs.
    private static func isPromised(_ facts: GateFacts, _ now: Date) -> Bool {
        facts.callbackAt.map { $0 <= now } ?? false
    }

    private static func attempts(_ facts: GateFacts, _ now: Date) -> Check {
        let limit = facts.campaign.frequency.attempts
        if isPromised(facts, now) {
            return Check(.attempts, .dial, "called \(facts.attempts) times, and asked to be called again")
        }
        guard facts.attempts < limit else {
            return Check(.attempts, .never, "called \(facts.attempts) times; \(limit) are allowed")
        }
        return Check(.attempts, .dial, "\(facts.attempts) of \(limit)")
    }

    private static func campaign(_ facts: GateFacts, _ now: Date) -> Check {
        facts.isRunning
            ? Check(.campaign, .dial, "running")
            : Check(.campaign, .wait(until: now + recheck), "the campaign is not running")
    }

    private static func agent(_ facts: GateFacts, _ now: Date) -> Check {
        if facts.isAgentStopped {
            return Check(.agent, .wait(until: now + recheck), "the agent is stopped; an operator lets it go on")
        }
        return facts.isAgentTakenOff
            ? Check(
                .agent, .wait(until: now + recheck), "the agent's error budget is spent; publish or roll back a version"
            )
            : Check(.agent, .dial, "takes calls")
    }

    private static func openCall(_ facts: GateFacts, _ now: Date) -> Check {
        facts.history.hasOpenAttempt
            ? Check(.openCall, .wait(until: now + 60), "this number is being called")
            : Check(.openCall, .dial, "nobody is calling this number")
    }

    private static func attemptsPerDay(_ facts: GateFacts, _ hours: CallingHours, _ now: Date) -> Check {
        let limit = min(facts.campaign.frequency.attemptsPerDay, hours.attemptsPerDay(at: now) ?? .max)
        return cap(.attemptsPerDay, facts, limit, within: 86_400, now)
    }

    private static func attemptsPerWeek(_ facts: GateFacts, _ now: Date) -> Check {
        cap(.attemptsPerWeek, facts, facts.campaign.frequency.attemptsPerWeek, within: 7 * 86_400, now)
    }

    private static func cap(
        _ rule: GateDecision.Rule, _ facts: GateFacts, _ limit: Int, within window: TimeInterval, _ now: Date
    ) -> Check {
        let recent = facts.history.attempts.filter { $0 > now - window }.sorted()
        guard recent.count >= limit else { return Check(rule, .dial, "\(recent.count) of \(limit)") }
        // Free again when enough of the oldest have left the window.
        let leaving = recent[recent.count - limit]
        return Check(rule, .wait(until: leaving + window), "called \(recent.count) times; \(limit) are allowed")
    }

    private static func quiet(_ facts: GateFacts, _ now: Date) -> Check {
        if let callback = facts.callbackAt {
            let when = callback.ISO8601Format()
            guard callback > now else { return Check(.quiet, .dial, "they asked to be called at \(when)") }
            return Check(.quiet, .wait(until: callback), "they asked to be called at \(when)")
        }
        guard let last = facts.history.lastConversation else { return Check(.quiet, .dial, "no conversation yet") }
        let end = last + Double(facts.campaign.frequency.quietDays) * 86_400
        guard end > now else { return Check(.quiet, .dial, "the last conversation was on \(last.day)") }
        return Check(.quiet, .wait(until: end), "a conversation was held on \(last.day)")
    }

    private static func abandonment(_ facts: GateFacts, _ now: Date) -> Check {
        let (rate, limit) = (facts.abandonment, facts.campaign.pacing.abandonmentLimit)
        let late = rate.late == 0 ? "" : ", \(rate.late) of them late"
        let text = "\(rate.missed) of \(rate.answered) calls that a person answered in 30 days\(late)"
        guard rate.exceeds(limit) else { return Check(.abandonment, .dial, text) }
        return Check(.abandonment, .wait(until: now + 3600), "abandoned: \(text)")
    }

    private static func timeZone(_ facts: GateFacts, _ hours: CallingHours, _ now: Date) -> Check {
        guard !facts.place.timeZones.isEmpty else {
            return Check(.timeZone, .never, "nothing tells in which time zone this number rings")
        }
        guard hours.hasRules(at: now) else {
            return Check(
                .timeZone, .never,
                "there are no calling hours for \(facts.place.regions.first ?? "its country"); add them to the table")
        }
        let zones = facts.place.timeZones.map(\.identifier).joined(separator: ", ")
        return Check(.timeZone, .dial, "\(zones); rules of \(facts.place.regions.joined(separator: ", "))")
    }

    private static func hours(_ hours: CallingHours, _ facts: GateFacts, _ now: Date, earliest: Date) -> Check {
        guard !facts.place.timeZones.isEmpty else { return Check(.hours, .never, "unknown without a time zone") }
        let objection = hours.objection(at: now)
        guard let next = hours.nextOpening(from: earliest) else {
            // Nobody is given up for a table that somebody has to go on with.
            if hours.waitsForHolidays(from: earliest) {
                return Check(
                    .hours, .wait(until: max(earliest, now + tableRecheck)),
                    objection ?? "the table of holidays ends before the other waits do")
            }
            return Check(.hours, .never, "there is no hour left to call: \(objection ?? "the campaign ends before")")
        }
        if let objection { return Check(.hours, .wait(until: next), objection) }
        // Open now, but perhaps not any more when another rule's wait is over.
        if earliest > now, next > earliest {
            return Check(.hours, .wait(until: next), "closed when the other waits end")
        }
        return Check(.hours, .dial, "open")
    }
}

extension Date {
    /// The day, in Greenwich.
    var day: String { "\(CalendarDay(epochDay: LocalMoment(self, in: .gmt).day))" }
}
