import Agent
import Campaigns
import Foundation
import Logging
import Networking
import Telephony

/// Applies ``InboundRules`` to the calls of this process: remembers who called, counts who was not answered by an agent, and
/// has callers wait for a line where the configuration wants it.
final class InboundDesk: Sendable {
    /// Promises a call to whoever waits.
    ///
    /// - Returns: false when they may not be called.
    typealias CallBack = @Sendable (CallFacts) async throws -> Bool

    struct Refused: Hashable {
        var reply: String
        var reason: InboundDecision.Reason
    }

    struct State {
        var counts = CallerCounts()
        var refused: [Refused: Int] = [:]
        /// Those of them that were counted: a carrier asks again, also at its fallback, where Vonage does after every refusal.
        var counted = ReplayGuard(lifetime: .seconds(300))
        /// Empty where callers do not wait.
        var queue: InboundQueue
        var languages = LanguageMenu()
        var callBack: CallBack?
    }

    let rules: InboundRules
    let settings: ParleyConfiguration.Inbound
    let state: Lock<State>
    let logger: Logger

    /// - Throws: when rules name regions whose holidays are not in the table.
    init(_ configuration: ParleyConfiguration, logger: Logger) throws {
        rules = try InboundRules(reading: configuration)
        settings = configuration.inbound
        state = Lock(State(queue: InboundQueue(InboundQueue.Options(configuration.inbound))))
        self.logger = logger
    }

    /// Who promises calls to those who wait.
    func callBack(with promise: @escaping CallBack) { state.withLock { $0.callBack = promise } }

    /// What becomes of a call; who is not answered by an agent is counted and logged.
    func decide(_ call: InboundCall, over carrier: String, load: InboundRules.Load = .free) -> InboundDecision {
        let decision = state.withLock { state in
            let decision = rules.decision(on: call, load: load, counts: &state.counts)
            if case .reply(let reply) = decision.answer,
                state.counted.use(call.id, now: .seconds(call.at.timeIntervalSince1970))
            {
                state.refused[Refused(reply: reply.name, reason: decision.reason), default: 0] += 1
            }
            return decision
        }
        guard case .reply(let reply) = decision.answer else { return decision }
        logger.info(
            "call not answered by an agent",
            metadata: [
                "carrier": "\(carrier)", "carrier.call": "\(call.id)", "answer": "\(reply.name)",
                "reason": "\(decision.reason.rawValue)", "because": "\(decision.detail ?? "")",
            ])
        return decision
    }

    /// Announces a call that came in to `desk`.
    ///
    /// - Parameter now: time since 1970.
    /// - Returns: what its caller gets instead; nil when it is announced, and may be bridged.
    func announce(
        _ carrierCallID: String, over carrier: String, from: String, to: String, on desk: CallDesk, now: Duration
    ) -> InboundReply? {
        let call = InboundCall(id: carrierCallID, called: to, caller: from, at: Self.date(now))
        // A webhook that is sent again changes nothing: what was decided stands, also where its line was given away meanwhile.
        let isKnown = desk.knows(carrierCallID: carrierCallID)
        if !isKnown, let reply = standing(of: call) { return reply }
        let decided = desk.expected(carrierCallID: carrierCallID)?.agent ?? rules.agent(at: to)
        let decision = isKnown ? InboundDecision(.agent(decided), .number) : decide(call, over: carrier)
        var agent: String
        switch decision.answer {
        case .reply(let reply): return reply
        case .agent(let name): agent = name
        }
        // Who is on a list, or calls out of hours, has an agent of their own.
        if !isKnown, decision.reason == .number {
            switch chosenLanguage(by: call, now: now) {
            case .agent(let chosen): agent = chosen ?? agent
            case .ask(let question): return question
            }
        }
        let expected = CallDesk.Expected(callID: CallID.new(), agent: agent, from: from, to: to, expires: now)
        let refusal: CallDesk.Refusal
        switch line(for: call, expected, on: desk, over: carrier, now: now) {
        case .taken: return nil
        case .waits(let question): return question
        case .refused(let reason): refusal = reason
        }
        logger.warning(
            "call refused",
            metadata: [
                "carrier": "\(carrier)", "carrier.call": "\(carrierCallID)", "reason": "\(refusal.rawValue)",
            ])
        guard refusal != .repeated else { return .busy }
        guard case .reply(let reply) = decide(call, over: carrier, load: .full).answer else { return .busy }
        return reply
    }

    /// The agent of a call whose media is there at once, so that its caller can get nothing else.
    ///
    /// - Parameter now: time since 1970.
    func agent(
        of callID: String, over carrier: String, from: String, to: String, now: Duration
    ) -> Result<String, Unanswered> {
        let decision = decide(
            InboundCall(id: callID, called: to, caller: from, at: Self.date(now)), over: carrier)
        return switch decision.answer {
        case .agent(let name): .success(name)
        case .reply: .failure(Unanswered(reason: decision.reason))
        }
    }

    /// Why no agent answers.
    struct Unanswered: Error {
        var reason: InboundDecision.Reason
    }

    /// What operators watch.
    var samples: [PrometheusSample] {
        let (refused, evictions, callers, queue) = state.withLock {
            ($0.refused, $0.counts.evictions, $0.counts.count, $0.queue)
        }
        let inOrder = refused.sorted {
            ($0.key.reply, $0.key.reason.rawValue) < ($1.key.reply, $1.key.reason.rawValue)
        }
        var samples = inOrder.map { key, count in
            PrometheusSample.counter(
                "parley_calls_not_answered_total", count,
                dimensions: [("answer", key.reply), ("reason", key.reason.rawValue)])
        }
        samples.append(.gauge("parley_callers_counted", callers))
        samples.append(.counter("parley_callers_forgotten_total", evictions))
        guard settings.overload == .queue else { return samples }
        samples.append(.gauge("parley_callers_waiting", queue.count))
        for way in InboundQueue.Leaving.allCases {
            samples.append(
                .counter(
                    "parley_callers_waited_total", queue.left[way] ?? 0, dimensions: [("outcome", way.rawValue)]))
        }
        return samples
    }

    private static func date(_ now: Duration) -> Date {
        Date(timeIntervalSince1970: Double(now.components.seconds))
    }
}

extension InboundRules {
    /// The rules with the tables that they name.
    init(reading configuration: ParleyConfiguration) throws {
        let named = configuration.inbound.rules.sorted { $0.key < $1.key }.filter { !$0.value.holidayRegions.isEmpty }
        guard !named.isEmpty else {
            self.init(configuration)
            return
        }
        let directory = configuration.campaigns.directory
        let tables = try CallingRules(directory: directory)
        for (name, rule) in named {
            for region in rule.holidayRegions where !tables.hasHolidays(of: region) {
                throw CampaignError(
                    .badFile, "\(directory)/holidays.csv",
                    "has no day of \(region), which `inbound.rules.\(name).holiday_regions` names; add its days, or take it away there"
                )
            }
        }
        self.init(configuration, tables: tables)
    }
}
