package import Foundation
import HeapModule
package import Store

/// A whole campaign in virtual time: the gate, the pacing and the retries that real calls go through, and callees that
/// behave by a model. Nothing is dialled, nothing is stored, no clock is read.
package struct Rehearsal: Sendable {
    /// Something that happens at a time; `order` keeps equal times in the order of the contacts.
    private struct Moment: Comparable, Sendable {
        var at: Date
        var order: Int
        var contact: Int

        static func < (a: Self, b: Self) -> Bool { (a.at, a.order) < (b.at, b.order) }
    }

    private struct Call: Sendable {
        var outcome: AttemptOutcome
        var callerID: String
        var isAnswered = false
    }

    private let campaign: CampaignDefinition
    private let rules: CallingRules
    private let disclosure: Disclosure?
    private let registryVersion: CalendarDay?
    private let model: CalleeModel
    private let seed: UInt64
    private var contacts: [RehearsalContact]
    private var due: Heap<Moment> = []
    private var ends: Heap<Moment> = []
    /// When somebody or something answers.
    private var answers: Heap<Moment> = []
    /// Calls that are answered now.
    private var answered = 0
    private var hourlyAnswers = HourlyAnswers()
    private var calls: [Int: Call] = [:]
    private var callerIDs: CallerIDPool
    /// Until when every number to call from is used up.
    private var heldUntil: Date?
    private var pacer: Pacer
    private var rate = AbandonmentRate()
    private var report: RehearsalReport

    /// - Parameters:
    ///   - disclosure: what the agent's greeting says; nil when there is no such agent.
    ///   - registryVersion: of the stored copy of the national registry; it is taken to be renewed in time.
    ///   - bounds: that the pacing was lowered by already, to be told with what came of it.
    package init(
        _ campaign: CampaignDefinition, contacts: [RehearsalContact], rules: CallingRules, disclosure: Disclosure?,
        registryVersion: CalendarDay?, bounds: [PacingBound] = [], model: CalleeModel = CalleeModel(),
        seed: UInt64 = 1, begins: Date
    ) {
        self.campaign = campaign
        self.contacts = contacts
        self.rules = rules
        self.disclosure = disclosure
        self.registryVersion = registryVersion
        self.model = model
        self.seed = seed
        callerIDs = CallerIDPool(campaign.callerIDs, callsPerDay: campaign.callsPerCallerID)
        pacer = Pacer(campaign.pacing, started: begins)
        report = RehearsalReport(begins: begins)
        report.contacts = contacts.count
        report.bounds = bounds
        report.model = model
        for (index, contact) in contacts.enumerated() {
            // A call that is under way now is over before long, and nothing in virtual time would end it.
            self.contacts[index].history.hasOpenAttempt = false
            due.insert(Moment(at: max(contact.nextAt, begins), order: index, contact: index))
        }
    }

    /// Steps between two looks at whether it has taken too long.
    private static let stepsBetweenLooks = 256

    /// Runs to the end of the campaign, or for `days` at most.
    ///
    /// - Parameter isOver: asked now and then whether to stop before the end.
    package mutating func run(days: Int = 60, isOver: () -> Bool = { false }) -> RehearsalReport {
        var now = report.begins
        let limit = now + Double(days) * 86_400
        var steps = 0
        while now < limit {
            steps += 1
            if steps.isMultiple(of: Self.stepsBetweenLooks), isOver() {
                report.isCutShort = true
                break
            }
            while let next = answers.min, next.at <= now {
                answers.removeMin()
                guard calls[next.contact] != nil else { continue }
                calls[next.contact]?.isAnswered = true
                answered += 1
            }
            while let next = ends.min, next.at <= now {
                ends.removeMin()
                end(next.contact, at: next.at)
            }
            dial(now)
            guard let next = nextMoment(after: now) else { break }
            now = next
        }
        report.unfinished = due.count + calls.count
        report.paused = pacer.tripped
        report.hours.sort { $0.begins < $1.begins }
        return report
    }

    private mutating func nextMoment(after now: Date) -> Date? {
        var candidates: [Date] = []
        if let end = ends.min?.at { candidates.append(end) }
        if let next = due.min?.at {
            if next > now {
                candidates.append(next)
            } else if let free = heldUntil, free > now {
                candidates.append(free)
            } else if let chance = pacer.nextChance(now, load) {
                candidates.append(max(chance, now + 0.001))
            }
        }
        return candidates.min()
    }

    private var load: Pacer.Load { Pacer.Load(live: calls.count, answered: answered, abandonment: rate) }

    private mutating func dial(_ now: Date) {
        // Without a number to call from nobody can be called: not every contact needs to be asked for that.
        heldUntil = !campaign.callerIDs.isEmpty && callerIDs.next(now) == nil ? callerIDs.nextFree() : nil
        guard heldUntil == nil else {
            report.delayed[GateDecision.Rule.callerID.rawValue, default: 0] += 1
            return
        }
        var allowance = pacer.allowance(now, load)
        while allowance > 0, let next = due.min, next.at <= now {
            due.removeMin()
            if decide(next, now) { allowance -= 1 }
            if !campaign.callerIDs.isEmpty, callerIDs.next(now) == nil { break }
        }
    }

    /// - Returns: whether a call was placed.
    private mutating func decide(_ next: Moment, _ now: Date) -> Bool {
        let contact = contacts[next.contact]
        let facts = GateFacts(
            campaign: campaign, isRunning: true, number: contact.number, parsed: contact.parsed, place: contact.place,
            attempts: contact.attempts, callbackAt: contact.callbackAt, history: contact.history,
            suppressions: contact.suppressions,
            consents: contact.consents,
            registryVersion: registryVersion.map { max($0, CalendarDay(epochDay: LocalMoment(now, in: .gmt).day)) },
            disclosure: disclosure, callerID: callerIDs.next(now, for: contact.parsed), abandonment: rate)
        let (decision, permit) = Gate.decide(facts, under: rules, at: now)
        if let permit {
            place(next, permit, now)
            return true
        }
        let rule = decision.rule?.rawValue ?? "unknown"
        switch decision.verdict {
        case .wait(let until):
            report.delayed[rule, default: 0] += 1
            due.insert(Moment(at: max(until, now + 1), order: next.order, contact: next.contact))
        case .never, .dial: report.blocked[rule, default: 0] += 1
        }
        return false
    }

    private mutating func place(_ next: Moment, _ permit: DialPermit, _ now: Date) {
        let contact = contacts[next.contact]
        pacer.placed(now)
        callerIDs.used(permit.callerID, now)
        let behaviour = model.behaviour(
            contact: contact.id, attempt: contact.attempts, seed: seed,
            ringTimeout: campaign.pacing.ringTimeout / .seconds(1))
        var outcome = behaviour.outcome
        // Rehearsed attempts are real ones to the caps, of this number only: a rehearsal calls nobody twice at a time.
        contacts[next.contact].history.attempts.append(now)
        contacts[next.contact].history.hasOpenAttempt = true
        if outcome == .machine {
            switch campaign.machine {
            case .talk: outcome = .reached
            case .leaveMessage: outcome = .messageLeft
            case .hangUp, .giveUp: break
            }
        }
        calls[next.contact] = Call(outcome: outcome, callerID: permit.callerID)
        let end = now + behaviour.length
        ends.insert(Moment(at: end, order: next.order, contact: next.contact))
        // An answer never comes after the end of its call, and so is seen before it.
        if behaviour.onLine > 0 {
            answers.insert(Moment(at: min(end, end - behaviour.onLine), order: next.order, contact: next.contact))
        }
        report.attempts += 1
        report.lineSeconds += behaviour.onLine
        report.mostCalls = max(report.mostCalls, calls.count)
        hour(now) { $0.attempts += 1 }
    }

    private mutating func end(_ index: Int, at now: Date) {
        guard let call = calls.removeValue(forKey: index) else { return }
        let outcome = call.outcome
        if call.isAnswered { answered -= 1 }
        pacer.ended(outcome, at: now)
        report.outcomes[outcome.rawValue, default: 0] += 1
        report.finishes = now
        contacts[index].history.hasOpenAttempt = false
        if outcome.isLive {
            rate.answered += 1
            report.answered += 1
            hour(now) { $0.answered += 1 }
        }
        if outcome == .abandoned {
            rate.abandoned += 1
            report.abandoned += 1
        }
        if outcome == .reached { contacts[index].history.lastConversation = now }
        if outcome.counts { contacts[index].attempts += 1 }
        if outcome.isLive, let callback = contacts[index].callbackAt, callback <= now {
            contacts[index].callbackAt = nil
        }
        let plan = RetryPlanner.plan(
            after: outcome, attempts: contacts[index].attempts, callback: contacts[index].callbackAt,
            bestTime: bestTime(contacts[index], outcome), at: now, seed: contacts[index].id, campaign)
        if case .again(let at) = plan { due.insert(Moment(at: at, order: index, contact: index)) }
    }

    /// Counts the attempt that has ended, too.
    private mutating func bestTime(_ contact: RehearsalContact, _ outcome: AttemptOutcome) -> BestTime? {
        guard campaign.retries.bestTimeWithin != nil, let zone = contact.place.timeZones.first,
            let last = contact.history.attempts.last
        else { return nil }
        hourlyAnswers.note(outcome, hour: BestTime.hour(of: last, in: zone))
        return BestTime(
            hours: CallingHours(campaign, at: contact.place, under: rules), zone: zone, tried: contact.history.attempts,
            answers: hourlyAnswers)
    }

    private mutating func hour(_ now: Date, _ change: (inout RehearsalReport.Hour) -> Void) {
        let begins = Date(timeIntervalSince1970: (now.timeIntervalSince1970 / 3600).rounded(.down) * 3600)
        // Hours come in order: the one meant is among the last two.
        if let index = report.hours.lastIndex(where: { $0.begins == begins }) {
            change(&report.hours[index])
        } else {
            var hour = RehearsalReport.Hour(begins: begins)
            change(&hour)
            report.hours.append(hour)
        }
    }
}
