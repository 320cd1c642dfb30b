package import Campaigns
package import Foundation

/// Who answers a call, and what those hear whom no agent answers: decided by the number called, the caller, the time and the
/// load. A value; what it remembers of callers is given to it.
package struct InboundRules: Sendable {
    package enum Load: Sendable {
        case free
        /// No line can be had.
        case full
    }

    private let configuration: ParleyConfiguration
    /// With the holidays of regions; nil where no rule names one.
    private let tables: CallingRules?
    /// The name of the rule of a called number.
    private let ruleNames: [String: String]

    private var inbound: ParleyConfiguration.Inbound { configuration.inbound }

    /// - Parameter tables: with the holidays of the regions that rules name.
    package init(_ configuration: ParleyConfiguration, tables: CallingRules? = nil) {
        self.configuration = configuration
        self.tables = tables
        ruleNames = Dictionary(
            configuration.inbound.rules.sorted { $0.key < $1.key }.flatMap { name, rule in
                rule.numbers.map { ($0, name) }
            }
        ) { first, _ in first }
    }

    /// Decides about a call.
    ///
    /// Lists of callers come first, then whether they hide their number or call too often, then the hours, and then whether
    /// there is a line: who would not be answered anyway hears why.
    ///
    /// - Parameter counts: what is remembered of callers; takes this call into account.
    package func decision(on call: InboundCall, load: Load, counts: inout CallerCounts) -> InboundDecision {
        let decision = decision(on: call, counts: &counts)
        guard case .full = load, case .agent = decision.answer else { return decision }
        let language = language(of: call)
        let reply: InboundReply =
            switch inbound.turnedAway {
            case .busy: .busy
            case .message: .message(SpokenMessage(inbound.overloadMessage, language: language))
            case .number: Self.forward(call, to: inbound.overloadNumber)
            }
        // Who is to call again may do so, however often there is no line. Who is sent on was served.
        if case .forward = reply {} else { counts.forget(call.caller, call: call.id) }
        return InboundDecision(.reply(reply), .overload)
    }

    private func decision(on call: InboundCall, counts: inout CallerCounts) -> InboundDecision {
        let language = language(of: call)
        let found = listing(of: call)
        if let (name, list) = found {
            switch list.answer {
            case .agent where list.always: return InboundDecision(.agent(agent(of: call, list)), .list, name)
            case .agent: break
            case .busy: return InboundDecision(.reply(.busy), .list, name)
            case .message:
                return InboundDecision(.reply(.message(SpokenMessage(list.message, language: language))), .list, name)
            case .number: return InboundDecision(.reply(Self.forward(call, to: list.number)), .list, name)
            }
        }
        if let reply = objection(to: call, language, counts: &counts) { return reply }
        if let closed = closed(call, language) { return closed }
        let answer = InboundDecision.Answer.agent(agent(of: call, found?.list))
        return found.map { InboundDecision(answer, .list, $0.name) }
            ?? InboundDecision(answer, .number, ruleNames[call.called])
    }

    /// What callers get who hide their number or call too often; nil for all others.
    private func objection(
        to call: InboundCall, _ language: String, counts: inout CallerCounts
    ) -> InboundDecision? {
        guard !call.isHidden else {
            return switch inbound.hiddenCallers {
            case .answer: nil
            case .busy: InboundDecision(.reply(.busy), .hidden)
            case .message:
                InboundDecision(
                    .reply(.message(SpokenMessage(inbound.hiddenCallersMessage, language: language))), .hidden)
            }
        }
        guard let limit = inbound.callerLimit,
            !counts.admits(call.caller, call: call.id, at: call.at, limit: limit, window: inbound.callerWindow)
        else { return nil }
        return switch inbound.callerLimitAnswer {
        case .busy: InboundDecision(.reply(.busy), .limit)
        case .message:
            InboundDecision(.reply(.message(SpokenMessage(inbound.callerLimitMessage, language: language))), .limit)
        }
    }

    /// What is the answer out of hours; nil within them.
    private func closed(_ call: InboundCall, _ language: String) -> InboundDecision? {
        guard let name = ruleNames[call.called], let rule = inbound.rules[name] else { return nil }
        let reason: InboundDecision.Reason
        var detail = name
        switch closure(of: rule, at: call.at) {
        case .open: return nil
        case .hours: reason = .closed
        case .holiday(let holiday):
            reason = .holiday
            detail = holiday ?? name
        }
        let answer: InboundDecision.Answer =
            switch rule.closed {
            case .agent: .agent(rule.closedAgent ?? agent(of: call, nil))
            case .message: .reply(.message(SpokenMessage(rule.closedMessage, language: language)))
            case .number: .reply(Self.forward(call, to: rule.closedNumber))
            case .busy: .reply(.busy)
            }
        return InboundDecision(answer, reason, detail)
    }

    private enum Closure {
        case open, hours
        /// With its name, where the table has one.
        case holiday(String?)
    }

    private func closure(of rule: ParleyConfiguration.Inbound.Rule, at moment: Date) -> Closure {
        let zone = zone(of: rule)
        if rule.holidays?.contains(moment, in: zone) == true { return .holiday(nil) }
        if let name = tables?.holiday(at: moment, in: zone, of: rule.holidayRegions) { return .holiday(name) }
        return rule.hours?.isOpen(at: moment, in: zone) == false ? .hours : .open
    }

    /// Where the clocks of a rule are.
    package func zone(of rule: ParleyConfiguration.Inbound.Rule) -> TimeZone {
        rule.zone ?? configuration.calendar.timeZone
    }

    /// Whether calls to the numbers of a rule are answered by its agent at that moment.
    package func isOpen(_ rule: ParleyConfiguration.Inbound.Rule, at moment: Date) -> Bool {
        if case .open = closure(of: rule, at: moment) { return true }
        return false
    }

    /// Whom `agents.numbers`, or the rule of the number, has answer it within its hours.
    package func agent(at number: String) -> String {
        ruleNames[number].flatMap { inbound.rules[$0]?.agent } ?? configuration.agents.name(forCallTo: number)
    }

    /// The name of the rule of a called number.
    package func rule(of number: String) -> String? { ruleNames[number] }

    private func agent(of call: InboundCall, _ list: ParleyConfiguration.Inbound.CallerList?) -> String {
        list?.agent ?? agent(at: call.called)
    }

    /// The languages among which callers of a number choose, by key.
    func languages(of call: InboundCall) -> [String: ParleyConfiguration.Inbound.LanguageKey] {
        ruleNames[call.called].flatMap { inbound.rules[$0]?.languages } ?? [:]
    }

    /// What is said to a caller is written in this language.
    func language(of call: InboundCall) -> String {
        ruleNames[call.called].flatMap { inbound.rules[$0]?.language } ?? inbound.language
    }

    /// The list that says most of the caller's number; of several that say as much the first by name.
    private func listing(of call: InboundCall) -> (name: String, list: ParleyConfiguration.Inbound.CallerList)? {
        var best: (length: Int, name: String, list: ParleyConfiguration.Inbound.CallerList)?
        for (name, list) in inbound.callers.sorted(by: { $0.key < $1.key }) {
            guard list.to.isEmpty || list.to.contains(call.called) else { continue }
            for pattern in list.numbers {
                guard let length = Self.match(call.caller, pattern), length > best?.length ?? 0 else { continue }
                best = (length, name, list)
            }
        }
        return best.map { ($0.name, $0.list) }
    }

    /// How much a pattern says of a number; nil where it does not fit.
    private static func match(_ caller: String, _ pattern: String) -> Int? {
        guard pattern.hasSuffix("*") else { return pattern == caller ? Int.max : nil }
        let start = pattern.dropLast()
        return caller.hasPrefix(start) ? start.utf8.count : nil
    }

    /// The configuration is read only where there is such a number. Whoever has called that one already is busy: its calls come
    /// here although nothing names it, and they would be sent round and round.
    private static func forward(_ call: InboundCall, to number: String?) -> InboundReply {
        guard let number, number != call.called, let destination = TransferDestination(number) else { return .busy }
        return .forward(destination)
    }
}
