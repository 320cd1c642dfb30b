import Campaigns
import Foundation
import Hummingbird

/// Which agent answers at which number, and when.
extension OperatorAPI {
    var numberRoutes: [APIRoute] {
        [
            APIRoute(.get, "/numbers") { _, _ in
                .json(NumberListView(configuration, inbound, known: Set(known.keys), at: now()))
            }
        ]
    }
}

private struct NumberListView: Encodable {
    struct Route: Encodable {
        let number: String
        /// Within the hours.
        let agent: String
        /// Whether there is such an agent now.
        let isAnswered: Bool
        /// The name of the rule it belongs to.
        let rule: String?
    }

    /// A language that callers choose with a key before an agent answers.
    struct Language: Encodable {
        let key: String
        /// What offers it.
        let say: String
        let language: String
        let agent: String
        /// Whether there is such an agent now.
        let isAnswered: Bool
    }

    struct Rule: Encodable {
        let name: String
        let isOpen: Bool
        let hours: String?
        let zone: String
        let holidays: [String]
        let holidayRegions: [String]
        /// What callers get out of hours.
        let closed: String
        let closedAgent: String?
        let closedNumber: String?
        /// By their keys; none where callers are not asked.
        let languages: [Language]

        init(
            _ name: String, _ rule: ParleyConfiguration.Inbound.Rule, _ rules: InboundRules, known: Set<String>,
            at moment: Date
        ) {
            self.name = name
            isOpen = rules.isOpen(rule, at: moment)
            hours = rule.hours?.description
            zone = rules.zone(of: rule).identifier
            holidays = rule.holidays?.texts ?? []
            holidayRegions = rule.holidayRegions
            closed = rule.closed.rawValue
            closedAgent = rule.closed == .agent ? rule.closedAgent : nil
            closedNumber = rule.closed == .number ? rule.closedNumber : nil
            languages = rule.languages.sorted { $0.key < $1.key }.map { key, choice in
                Language(
                    key: key, say: choice.say, language: choice.language, agent: choice.agent,
                    isAnswered: known.contains(choice.agent))
            }
        }
    }

    struct CallerList: Encodable {
        let name: String
        /// Callers, or how their numbers begin; `*` stands for the rest.
        let numbers: [String]
        /// Called numbers that it holds for; none is all.
        let to: [String]
        let answer: String
        let agent: String?
        let always: Bool
    }

    let numbers: [Route]
    /// Answers at all others.
    let defaultAgent: String
    let rules: [Rule]
    let callers: [CallerList]
    /// What callers get when no line is free.
    let overload: String

    init(_ configuration: ParleyConfiguration, _ inbound: InboundRules, known: Set<String>, at moment: Date) {
        let settings = configuration.inbound
        let called = Set(configuration.agents.numbers.keys).union(settings.rules.values.flatMap(\.numbers))
        numbers = called.sorted().map { number in
            let agent = inbound.agent(at: number)
            return Route(
                number: number, agent: agent, isAnswered: known.contains(agent), rule: inbound.rule(of: number))
        }
        defaultAgent = configuration.agents.default
        rules = settings.rules.sorted { $0.key < $1.key }.map { name, rule in
            Rule(name, rule, inbound, known: known, at: moment)
        }
        callers = settings.callers.sorted { $0.key < $1.key }.map { name, list in
            CallerList(
                name: name, numbers: list.numbers, to: list.to, answer: list.answer.rawValue,
                agent: list.answer == .agent ? list.agent : nil, always: list.always)
        }
        overload = settings.overload.rawValue
    }
}
