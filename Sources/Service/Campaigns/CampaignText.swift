package import Campaigns
import Foundation
import Store

/// Campaigns as lines for people.
package enum CampaignText {
    package static func line(_ status: CampaignStatus) -> String {
        let reason = status.reason.map { " (\($0))" } ?? ""
        return
            "\(status.name): \(status.state.rawValue)\(reason), \(status.contacts) contacts: \(status.done) done, \(status.calling) being called, \(status.waiting) waiting; \(status.attempts) attempts"
    }

    package static func status(_ status: CampaignStatus) -> String {
        var lines = [line(status)]
        func table(_ title: String, _ counts: [String: Int]) {
            guard !counts.isEmpty else { return }
            lines.append(title)
            for (name, count) in counts.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
                lines.append("  \(padded("\(count)", 8))  \(name)")
            }
        }
        table("contacts that are done, by", status.doneBy)
        table("attempts, by outcome", status.outcomes)
        if let abandonment = status.abandonment { lines.append(line(abandonment)) }
        return lines.joined(separator: "\n")
    }

    private static func line(_ rate: CampaignStatus.Abandonment) -> String {
        func percent(_ share: Double) -> String { String(format: "%.1f %%", share * 100) }
        return
            "no agent in time, of \(rate.answered) people who answered in 30 days: \(rate.abandoned) abandoned, \(rate.late) late; \(percent(rate.share)), limit \(percent(rate.limit))"
    }

    package static func explanation(_ explanation: CampaignExplanation) -> String {
        let contact = explanation.contact
        var lines = [
            "\(contact.number) in \(explanation.campaign): \(contact.state.rawValue), \(contact.attempts) attempts"
                + (contact.outcome.map { ", last outcome \($0)" } ?? "")
                + (contact.state == .waiting ? ", next attempt planned for \(contact.nextAt.ISO8601Format())" : "")
        ]
        lines.append("")
        lines += decision("now", explanation.now)
        for attempt in explanation.attempts {
            lines.append("")
            let outcome = attempt.outcome ?? attempt.state.rawValue
            let detail = attempt.detail.map { ": \($0)" } ?? ""
            lines.append(
                "attempt \(attempt.id): \(outcome)\(detail), answered by \(attempt.answerer ?? "nobody known"), carrier's id \(attempt.carrierCallID ?? "none"), call \(attempt.callID ?? "none")"
            )
            if let decision = try? JSONDecoder().decode(GateDecision.self, from: Data(attempt.decision.utf8)) {
                lines += self.decision("before it", decision)
            }
            lines.append("  " + signature(explanation.signatures[attempt.id] ?? .unsigned))
        }
        return lines.joined(separator: "\n")
    }

    private static func signature(_ verdict: DecisionVerdict) -> String {
        switch verdict {
        case .holds(let key): "signature: holds, by the key \(key)"
        case .unsigned: "signature: none; the record is unsigned, or its signature was taken away"
        case .changed(let key):
            "signature: DOES NOT HOLD; this record was changed after it was signed with the key \(key)"
        case .unknownKey(let key):
            "signature: cannot be checked; it was made with the key \(key), which campaigns.earlier_decision_keys lacks"
        case .unreadable: "signature: DOES NOT HOLD; what is stored in its place is none"
        }
    }

    /// Why a call is not placed.
    package static func refusal(_ refusal: GateDecision) -> String {
        decision("now", refusal).joined(separator: "\n")
    }

    private static func decision(_ when: String, _ decision: GateDecision) -> [String] {
        let verdict: String
        switch decision.verdict {
        case .dial: verdict = "may be called"
        case .wait(let until): verdict = "not before \(until.ISO8601Format()), by \(decision.rule?.rawValue ?? "?")"
        case .never: verdict = "not in this campaign, by \(decision.rule?.rawValue ?? "?")"
        }
        return ["gate, \(when) (\(decision.at.ISO8601Format())): \(verdict)"]
            + decision.checks.map { check in
                let mark: String
                switch check.verdict {
                case .dial: mark = "ok   "
                case .wait: mark = "wait "
                case .never: mark = "never"
                }
                return "  \(mark)  \(padded(check.rule.rawValue, -18))  \(check.detail)"
            }
    }

    /// - Parameter configuration: has the prices; nil says nothing of the cost.
    package static func rehearsal(
        _ report: RehearsalReport, configuration: ParleyConfiguration? = nil
    ) -> String {
        var lines = [
            "\(report.contacts) contacts, from \(report.begins.ISO8601Format())"
                + (report.finishes.map { " to \($0.ISO8601Format())" } ?? ""),
            "\(report.attempts) attempts, \(report.answered) answered by a person, \(report.abandoned) abandoned, \(report.mostCalls) calls at a time at most",
        ]
        if let configuration { lines.append(cost(of: report, configuration)) }
        for bound in report.bounds {
            lines.append(
                "\(bound.key) allows \(number(bound.allowed)) of the \(number(bound.wanted)) that the campaign's pacing asks for"
            )
        }
        if let paused = report.paused { lines.append("paused: \(paused)") }
        if report.unfinished > 0 {
            lines.append("\(report.unfinished) contacts still wait at the end of the rehearsal")
        }
        func table(_ title: String, _ counts: [String: Int]) {
            guard !counts.isEmpty else { return }
            lines.append(title)
            for (name, count) in counts.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
                lines.append("  \(padded("\(count)", 8))  \(name)")
            }
        }
        table("attempts, by outcome", report.outcomes)
        table("contacts never called (again), by rule", report.blocked)
        table("decisions to wait, by rule", report.delayed)
        if !report.hours.isEmpty {
            lines.append("hour                  attempts  answered")
            for hour in report.hours {
                lines.append(
                    "  \(hour.begins.ISO8601Format())  \(padded("\(hour.attempts)", 8))  \(padded("\(hour.answered)", 8))"
                )
            }
        }
        let model = report.model
        lines.append(
            "assumed of the callees: \(percent(model.talks)) talk, \(percent(model.hangsUpEarly)) hang up early, \(percent(model.optsOut)) opt out, \(percent(model.machine)) machines, \(percent(model.busy)) busy, \(percent(model.fails)) failures, the rest does not answer"
        )
        return lines.joined(separator: "\n")
    }

    private static func cost(of report: RehearsalReport, _ configuration: ParleyConfiguration) -> String {
        let carrier = configuration.campaigns.carrier.rawValue
        let minutes = "\(Int((report.lineSeconds / 60).rounded())) minutes on the line"
        guard let cost = RehearsalView.LineCost(report, configuration: configuration) else {
            return "\(minutes); what they cost is not known: the line of \(carrier) has no price in prices.lines"
        }
        return
            "\(minutes), which cost \(cost.amount) \(cost.currency) by the price of \(carrier)'s line; what is heard, thought and said comes on top"
    }

    /// Without zeros behind the point.
    private static func number(_ value: Double) -> String {
        value == value.rounded() ? "\(Int(value))" : "\(value)"
    }

    private static func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }

    /// Padded on the left, on the right for a negative width.
    private static func padded(_ text: String, _ width: Int) -> String {
        let space = String(repeating: " ", count: max(0, abs(width) - text.count))
        return width < 0 ? text + space : space + text
    }
}
