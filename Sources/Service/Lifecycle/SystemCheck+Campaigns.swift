import Campaigns
import Foundation
import Store

extension SystemCheck {
    /// How long before it ends the table of holidays is spoken of, days.
    private static let daysBeforeEnd = 90

    /// Who places calls, and what needs somebody's hand before long.
    static func campaigns(_ configuration: ParleyConfiguration, now: Date = Date()) throws -> String {
        let rules = try CallingRules(directory: configuration.campaigns.directory)
        guard configuration.campaigns.isCalling else { return "calls are not placed here: campaigns.calling is off" }
        let missing = CallingAccount.missing(in: configuration)
        guard missing.isEmpty, let account = try CallingAccount(configuration) else {
            return "calls cannot be placed without \(missing.joined(separator: ", "))"
        }
        let unsigned =
            configuration.campaigns.decisionKey == nil
            ? "; the records of decisions to call are not signed, so that nobody can tell whether one was changed: set "
                + "campaigns.decision_key, as `openssl rand -base64 32` prints one" : ""
        return "calls are placed by \(account.url)" + unsigned
            + holidays(rules, in: configuration.campaigns.directory, now)
    }

    /// Where nobody will be called, since nobody knows the holidays there.
    private static func holidays(_ rules: CallingRules, in directory: String, _ now: Date) -> String {
        let today = CalendarDay(epochDay: Int((now.timeIntervalSince1970 / 86_400).rounded(.down)))
        let limit = today.adding(days: daysBeforeEnd)
        let ending = rules.knownHolidays(at: now).filter { known in known.lastDay.map { $0 <= limit } ?? true }
        let groups = Dictionary(grouping: ending, by: \.lastDay).values.sorted { $0[0].region < $1[0].region }
        return groups.map { group -> String in
            let regions = group.map(\.region).joined(separator: ", ")
            guard let day = group[0].lastDay else {
                return "; \(directory)/holidays.csv has no days for \(regions), where nobody is called before it does"
            }
            return
                "; \(directory)/holidays.csv ends on \(day), and nobody is called after that day in \(regions): add the days to come, and restart"
        }.joined()
    }
}
