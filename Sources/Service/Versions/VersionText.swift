import Agent
import Foundation

/// An agent's versions in words, for the terminal.
package enum VersionText {
    package static func lines(_ list: VersionList) -> [String] {
        guard !list.versions.isEmpty else {
            return ["No version of \(list.agent) is published; its file takes the calls."]
        }
        var lines = list.versions.map { line($0, of: list) }
        if list.live == nil { lines.append("None is live: the file takes the calls.") }
        if list.escalates { lines.append("New calls go to the escalation of version \(list.live ?? 0).") }
        if let refused = list.refused { lines.append("The service does not take it: \(refused)") }
        return lines
    }

    private static func line(_ version: VersionView, of list: VersionList) -> String {
        let mark =
            switch version.number {
            case list.live: version.percent == 100 ? "live" : "live \(version.percent) %"
            case list.trial: "trial \(version.percent) %"
            default: ""
            }
        let note = version.note.map { "  \"\($0)\"" } ?? ""
        return
            "\(pad("\(version.number)", 4))\(pad(mark, 12))\(version.hash)  \(version.publishedAt.formatted(.iso8601))  "
            + "\(version.publishedBy)  \(version.calls) calls  \(budget(version))\(note)"
    }

    private static func budget(_ version: VersionView) -> String {
        if let because = version.burntBecause { return "burnt: \(because)" }
        guard let budget = version.budget else { return "-" }
        return switch budget.state {
        case .unproven: "budget unproven: \(budget.calls) of \(budget.minCalls) calls"
        case .ok: "budget \(Int((budget.spent * 100).rounded())) % spent: \(budget.badCalls) of \(budget.calls) calls"
        case .burnt: "burnt: \(budget.badCalls) of \(budget.calls) calls"
        }
    }

    private static func pad(_ text: String, _ width: Int) -> String {
        text.padding(toLength: max(width, text.count + 1), withPad: " ", startingAt: 0)
    }
}
