import Agent
package import Campaigns
package import Foundation

extension ParleyConfiguration {
    /// Who answers which number, and when, beyond `agents.numbers`; and what those hear whom no agent answers.
    package struct Inbound: Sendable, Equatable {
        /// By a name of the operator's choice; a called number belongs to one at most.
        package var rules: [String: Rule] = [:]
        /// Callers who are treated in a way of their own.
        package var callers: [String: CallerList] = [:]
        /// Of the messages, as carriers call it: `en-US`.
        package var language = "en-US"
        package var overload = Overload.busy
        package var overloadMessage = UsualSentence.inboundOverload.text(in: .english)
        package var overloadNumber: String?
        /// Callers who wait at most, with ``Overload/queue``.
        package var queueLength = 20
        package var queueFull = QueueFull.busy
        package var queueLongestWait = Duration.seconds(900)
        /// How long a key is waited for after each announcement.
        package var queuePause = Duration.seconds(8)
        package var queuePosition = UsualSentence.inboundPosition.text(in: .english)
        package var queueWait = UsualSentence.inboundWait.text(in: .english)
        /// Whether callers who wait may ask to be called back.
        package var queueCallback = false
        package var queueCallbackOffer = UsualSentence.inboundCallbackOffer.text(in: .english)
        package var queueCallbackPromised = UsualSentence.inboundCallbackPromised.text(in: .english)
        package var queueCallbackRefused = UsualSentence.inboundCallbackRefused.text(in: .english)
        package var hiddenCallers = HiddenCallers.answer
        package var hiddenCallersMessage =
            UsualSentence.inboundHidden.text(in: .english)
        /// Calls of one number within ``callerWindow``; nil for any number.
        package var callerLimit: Int?
        package var callerWindow = Duration.seconds(3600)
        package var callerLimitAnswer = Limited.busy
        package var callerLimitMessage = UsualSentence.inboundTooOften.text(in: .english)

        /// What becomes of a call that no agent, or another one, is to take.
        package enum Answer: String, Sendable, CaseIterable { case agent, message, number, busy }

        /// What callers get when no line is free.
        package enum Overload: String, Sendable, CaseIterable { case busy, message, number, queue }

        /// What callers get when no more may wait, either.
        package enum QueueFull: String, Sendable, CaseIterable { case busy, message, number }

        /// What callers get for whom there is neither a line nor a place in the queue.
        package var turnedAway: QueueFull {
            switch overload {
            case .busy: .busy
            case .message: .message
            case .number: .number
            case .queue: queueFull
            }
        }

        /// What callers get who hide their number.
        package enum HiddenCallers: String, Sendable, CaseIterable { case answer, message, busy }

        /// What callers get who call too often.
        package enum Limited: String, Sendable, CaseIterable { case busy, message }

        /// Of some called numbers.
        package struct Rule: Sendable, Equatable {
            package var numbers: [String] = []
            /// Nil is whom `agents.numbers` names, or the default.
            package var agent: String?
            /// Nil is always.
            package var hours: OpeningHours?
            /// Nil is that of the calendar.
            package var zone: TimeZone?
            package var holidays: ClosedDays?
            /// Regions whose holidays in the campaigns' table are closed.
            package var holidayRegions: [String] = []
            package var closed = Answer.message
            package var closedAgent: String?
            package var closedMessage =
                UsualSentence.inboundClosed.text(in: .english)
            package var closedNumber: String?
            /// Of its messages; nil is that of all.
            package var language: String?
            /// By the key that leads there; none where nobody is asked.
            package var languages: [String: LanguageKey] = [:]

            package init() {}
        }

        /// A language that callers choose with a key.
        package struct LanguageKey: Sendable, Equatable {
            /// What offers it, in the language itself.
            package var say = ""
            package var language = "en-US"
            package var agent = ""

            package init() {}
        }

        package struct CallerList: Sendable, Equatable {
            /// `+4915112345678`, or `+4915*` for all that begin so.
            package var numbers: [String] = []
            /// Called numbers that it holds for; none is all.
            package var to: [String] = []
            package var answer = Answer.busy
            package var agent: String?
            package var message = UsualSentence.inboundRefused.text(in: .english)
            package var number: String?
            /// Whether its agent answers at any hour and however often they call.
            package var always = false

            package init() {}
        }
    }
}

extension ParleyConfiguration.Inbound {
    /// The agents that are named, each with its key.
    var agents: [(String, String)] {
        var agents: [(String, String)] = []
        for (name, rule) in rules.sorted(by: { $0.key < $1.key }) {
            let key = "inbound.rules.\(name)"
            if let agent = rule.agent { agents.append((key + ".agent", agent)) }
            for (digit, choice) in rule.languages.sorted(by: { $0.key < $1.key }) {
                agents.append((key + ".languages.\(digit).agent", choice.agent))
            }
            if rule.closed == .agent, let agent = rule.closedAgent { agents.append((key + ".closed_agent", agent)) }
        }
        for (name, list) in callers.sorted(by: { $0.key < $1.key }) where list.answer == .agent {
            if let agent = list.agent { agents.append(("inbound.callers.\(name).agent", agent)) }
        }
        return agents
    }
}
