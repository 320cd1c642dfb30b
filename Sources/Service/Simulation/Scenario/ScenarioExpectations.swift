/// What must be true after a scenario's call. Absent expectations are no expectations.
package struct ScenarioExpectations: Sendable, Equatable {
    package struct Message: Sendable, Equatable {
        package var name: String?
        package var phone: String?
    }

    /// Succeeded, in this order; others may come between.
    package var tools: [String] = []
    /// Never begun.
    package var neverTools: [String] = []
    /// All appointments there are to come afterwards, in any order.
    package var appointments: [ScenarioAppointment]?
    /// All messages taken, in any order.
    package var messages: [Message]?
    /// Of the room.
    package var temperature: Int?
    /// Words that were heard of the agent; case and punctuation do not matter.
    package var says: [String] = []
    package var neverSays: [String] = []
    /// The reason of the call's end.
    package var ends: String?
    /// The median time to an answer, as the caller hears it, in ms.
    package var medianResponse: Int?
    package var worstResponse: Int?
    /// How often the agent was interrupted.
    package var interruptions: ClosedRange<Int>?
    /// The most turns that were not understood.
    package var notUnderstood: Int?
    /// Who or what was taken to have answered a placed call.
    package var answeredBy: String?
    /// All keys that the agent pressed, in order.
    package var presses: String?

    package init() {}

    /// What of it is not so, in sentences; empty when all is.
    package func faults(of outcome: ScenarioOutcome) -> [String] {
        var faults: [String] = []
        if let fault = outcome.callerFault { faults.append(fault) }
        if outcome.isOverdue { faults.append("the call was not over in time") }
        checkTools(outcome, &faults)
        checkStored(outcome, &faults)
        let heard = Self.plain(outcome.heard)
        for words in says where !heard.contains(Self.plain(words)) {
            faults.append("the agent did not say \"\(words)\"")
        }
        for words in neverSays where heard.contains(Self.plain(words)) { faults.append("the agent said \"\(words)\"") }
        if let ends, outcome.endReason != ends {
            faults.append("the call ended with \"\(outcome.endReason)\" instead of \"\(ends)\"")
        }
        let latencies = outcome.panel.responseLatencies
        if let limit = medianResponse, let median = InteractionPanel.median(latencies), median > Double(limit) {
            faults.append("answered after \(Int(median)) ms (median), more than \(limit)")
        }
        if let limit = worstResponse, let worst = latencies.last, worst > Double(limit) {
            faults.append("answered after \(Int(worst)) ms at worst, more than \(limit)")
        }
        if let range = interruptions, !range.contains(outcome.interruptions) {
            faults.append("the agent was interrupted \(outcome.interruptions) times, not \(Self.words(range))")
        }
        if let most = notUnderstood, outcome.notUnderstood > most {
            faults.append("\(outcome.notUnderstood) turns were not understood, more than \(most)")
        }
        if let answeredBy, outcome.answeredBy != answeredBy {
            faults.append("a \(answeredBy) answered, and the agent took it for \(outcome.answeredBy ?? "nothing yet")")
        }
        if let presses, outcome.presses != presses {
            faults.append("the agent pressed \"\(outcome.presses)\" instead of \"\(presses)\"")
        }
        return faults
    }

    private func checkTools(_ outcome: ScenarioOutcome, _ faults: inout [String]) {
        var rest = outcome.tools[...]
        for name in tools {
            guard let index = rest.firstIndex(where: { $0.name == name && $0.succeeded }) else {
                faults.append("the tool \(name) did not succeed\(tools.count > 1 ? " in its place" : "")")
                continue
            }
            rest = rest[(index + 1)...]
        }
        for name in neverTools where outcome.tools.contains(where: { $0.name == name }) {
            faults.append("the tool \(name) was called")
        }
    }

    private func checkStored(_ outcome: ScenarioOutcome, _ faults: inout [String]) {
        if let appointments {
            var rest = outcome.appointments
            for wanted in appointments {
                if let index = rest.firstIndex(where: wanted.matches) {
                    rest.remove(at: index)
                } else {
                    faults.append("there is no appointment of \(wanted)")
                }
            }
            for other in rest { faults.append("there is an appointment of \(other)") }
        }
        if let messages {
            if messages.count != outcome.messages.count {
                faults.append("\(outcome.messages.count) messages were taken, not \(messages.count)")
            }
            for wanted in messages
            where !outcome.messages.contains(where: {
                (wanted.name == nil || wanted.name?.lowercased() == $0.name?.lowercased())
                    && (wanted.phone == nil || wanted.phone == $0.phone)
            }) {
                faults.append(
                    "there is no message of \(wanted.name ?? "anybody") with the number \(wanted.phone ?? "any")")
            }
        }
        if let temperature, outcome.temperature != temperature {
            faults.append("the room has \(outcome.temperature) degrees instead of \(temperature)")
        }
    }

    /// Words only, so that a comma is no difference.
    private static func plain(_ text: String) -> String {
        " "
            + text.lowercased().map { $0.isLetter || $0.isNumber || $0 == "'" ? $0 : " " }.split(separator: " ")
            .map { String($0) }.joined(separator: " ") + " "
    }

    private static func words(_ range: ClosedRange<Int>) -> String {
        range.lowerBound == range.upperBound
            ? "\(range.lowerBound)"
            : range.upperBound == .max ? "\(range.lowerBound) or more" : "\(range.lowerBound) to \(range.upperBound)"
    }
}

/// What a scenario's call came to.
package struct ScenarioOutcome: Sendable {
    package struct Tool: Sendable, Equatable {
        package var name: String
        package var succeeded: Bool
    }

    package var tools: [Tool] = []
    package var appointments: [ScenarioAppointment] = []
    package var messages: [ScenarioExpectations.Message] = []
    package var temperature = 0
    /// All that was heard of the agent.
    package var heard = ""
    package var endReason = ""
    package var interruptions = 0
    package var notUnderstood = 0
    /// The last verdict on who answered; nil on calls that were taken.
    package var answeredBy: String?
    package var presses = ""
    /// The caller had to hang up because it took too long.
    package var isOverdue = false
    /// Why the caller could not play their part.
    package var callerFault: String?
    package var panel = InteractionPanel([])

    package init() {}
}
