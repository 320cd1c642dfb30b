package import Foundation
import Store

/// When one callee may be called: the campaign's hours within the law's, in every time zone the callee may be in.
package struct CallingHours: Sendable {
    private let campaign: CampaignDefinition
    private let place: CalleePlace
    private let rules: CallingRules
    /// Days since 1970.
    private let starts: Int?
    private let ends: Int?

    package init(_ campaign: CampaignDefinition, at place: CalleePlace, under rules: CallingRules) {
        self.campaign = campaign
        self.place = place
        self.rules = rules
        starts = campaign.starts?.epochDay
        ends = campaign.ends?.epochDay
    }

    /// Why it is not the time to call; nil when it is.
    package func objection(at moment: Date) -> String? {
        for zone in place.timeZones {
            let local = LocalMoment(moment, in: zone)
            switch spans(on: local) {
            case .failure(let closure):
                return "\(closure.reason) in \(zone.identifier), where it is \(WeekHours.time(local.minute))"
            case .success(let spans):
                if spans.contains(where: { $0.opens <= local.minute && local.minute < $0.closes }) { continue }
                let open = spans.map { "from \(WeekHours.time($0.opens)) to \(WeekHours.time($0.closes))" }
                return
                    "it is \(WeekHours.time(local.minute)) in \(zone.identifier); calls are \(open.joined(separator: " and "))"
            }
        }
        return nil
    }

    /// The first moment not before `moment` at which ``objection(at:)`` is nil; nil when there is none within 40 days.
    package func nextOpening(from moment: Date) -> Date? {
        if objection(at: moment) == nil { return moment }
        // The hours that all zones have in common begin when those of one of them begin.
        for block in stride(from: 0, to: Self.daysAhead, by: 3) {
            var candidates: [Date] = []
            for zone in place.timeZones {
                let today = LocalMoment(moment, in: zone).day + block
                for day in today..<today + 3 {
                    guard case .success(let spans) = spans(on: LocalMoment(day: day, minute: 0)) else { continue }
                    for span in spans {
                        let opening = LocalMoment(day: day, minute: span.opens).date(in: zone)
                        if opening > moment { candidates.append(opening) }
                    }
                }
            }
            if let found = candidates.sorted().first(where: { objection(at: $0) == nil }) { return found }
        }
        return nil
    }

    /// When the hours end that are open at `moment`, if that is before `limit`; looks less than a minute ahead.
    func closing(after moment: Date, before limit: Date) -> Date? {
        // Hours begin and end with a minute, in every time zone.
        let minute = Date(timeIntervalSince1970: (limit.timeIntervalSince1970 / 60).rounded(.down) * 60)
        return minute > moment && objection(at: minute) != nil ? minute : nil
    }

    /// Whether a day of the next weeks is closed for no other reason than that nobody knows whether it is a holiday.
    func waitsForHolidays(from moment: Date) -> Bool {
        place.timeZones.contains { zone in
            let today = LocalMoment(moment, in: zone).day
            return (today..<today + Self.daysAhead).contains { day in
                guard case .failure(let closure) = spans(on: LocalMoment(day: day, minute: 0)) else { return false }
                return closure.isUnknown
            }
        }
    }

    /// How far an opening is looked for.
    private static let daysAhead = 42

    private struct Closure: Error {
        var reason: String
        /// Whether the table may say something else once it has more days.
        var isUnknown = false
    }

    /// The strictest hours of a day, in order; never none.
    private func spans(on local: LocalMoment) -> Result<[WeekHours.Span], Closure> {
        if let starts, local.day < starts {
            return .failure(Closure(reason: "the campaign has not started: starts is \(CalendarDay(epochDay: starts))"))
        }
        if let ends, local.day > ends {
            return .failure(Closure(reason: "the campaign is over: ends was \(CalendarDay(epochDay: ends))"))
        }
        let special = campaign.holidays?.hours(on: local.day)
        var spans = special ?? campaign.hours.days[local.weekday]
        guard !spans.isEmpty else {
            let reason = special == nil ? "on this weekday" : "on this day: it is one of `holidays`"
            return .failure(Closure(reason: "the campaign does not call \(reason)"))
        }
        for region in place.regions {
            let here = rules.rules(of: region, on: local.day)
            // Parts of a country may have no rules of their own; a country must.
            if here.isEmpty, region.contains("-") { continue }
            guard let rule = here.first(where: { $0.weekdays[local.weekday] }) else {
                return .failure(Closure(reason: "no calls on this weekday by the rules of \(region)"))
            }
            if rule.isClosedOnHolidays, let name = rules.holiday(on: local.day, in: place.regions) {
                return .failure(Closure(reason: "\(name) is a holiday by the rules of \(region)"))
            }
            if rule.isClosedOnHolidays, let objection = unknown(local.day, in: region) {
                return .failure(Closure(reason: objection, isUnknown: true))
            }
            spans = spans.compactMap { $0.intersection(rule.span) }
            guard !spans.isEmpty else {
                return .failure(Closure(reason: "the campaign's hours lie outside those of \(region)"))
            }
        }
        return .success(spans)
    }

    /// Why nobody knows whether a day is a holiday of a region that closes on those; nil where the table tells.
    private func unknown(_ day: Int, in region: String) -> String? {
        guard let last = rules.lastHoliday(of: region) else {
            return "the table has no holidays of \(region), on which its rules allow no calls, so none are made"
        }
        guard day > last else { return nil }
        return
            "the table of holidays, on which the rules of \(region) allow no calls, ends on \(CalendarDay(epochDay: last)), so none are made"
    }

    /// The strictest cap of calls to one number within 24 hours that the regions set.
    package func attemptsPerDay(at moment: Date) -> Int? {
        let day = LocalMoment(moment, in: place.timeZones.first ?? .gmt).day
        return place.regions.flatMap { rules.rules(of: $0, on: day) }.compactMap(\.attemptsPerDay).min()
    }

    /// Whether a country's hours are known at all.
    package func hasRules(at moment: Date) -> Bool {
        guard let country = place.regions.first else { return false }
        return !rules.rules(of: country, on: LocalMoment(moment, in: .gmt).day).isEmpty
    }
}
