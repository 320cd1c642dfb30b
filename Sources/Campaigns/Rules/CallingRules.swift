package import Foundation
import Store

/// The tables an operator keeps: the law's hours by region, holidays, and where numbers ring.
package struct CallingRules: Sendable {
    package let zones: NumberZones
    /// By region, the newest first, with the day since 1970 from which each holds.
    private let rules: [String: [(day: Int, rule: CallingRule)]]
    /// Day since 1970 → region → its name.
    private let holidays: [Int: [String: String]]
    /// Region → the day since 1970 of the last one.
    private let lastHolidays: [String: Int]

    /// - Parameters:
    ///   - hours: `region,weekdays,opens,closes,holidays,attempts_per_day,source,effective_from`.
    ///   - holidays: `date,region,name`.
    package init(
        zones: NumberZones, hours: [UInt8], hoursFile: String, holidays: [UInt8], holidaysFile: String
    ) throws(CampaignError) {
        self.zones = zones
        var rules: [String: [CallingRule]] = [:]
        let columns = [
            "region", "weekdays", "opens", "closes", "holidays", "attempts_per_day", "source", "effective_from",
        ]
        for row in try CSVTable(hours, file: hoursFile, columns: columns).rows {
            let rule = try Self.rule(row, file: hoursFile)
            rules[rule.region, default: []].append(rule)
        }
        self.rules = rules.mapValues { $0.map { ($0.effectiveFrom.epochDay, $0) }.sorted { $0.0 > $1.0 } }
        var days: [Int: [String: String]] = [:]
        for row in try CSVTable(holidays, file: holidaysFile, columns: ["date", "region", "name"]).rows {
            guard let day = CalendarDay(row["date"]) else {
                throw CampaignError(
                    .badFile, "\(holidaysFile):\(row.line)", "`\(row["date"])` is no day; write YYYY-MM-DD")
            }
            days[day.epochDay, default: [:]][row["region"]] = row["name"]
        }
        self.holidays = days
        var last: [String: Int] = [:]
        for (day, names) in days { for region in names.keys { last[region] = max(last[region] ?? day, day) } }
        lastHolidays = last
    }

    private static func rule(_ row: CSVTable.Row, file: String) throws(CampaignError) -> CallingRule {
        func fault(_ column: String, _ allowed: String) -> CampaignError {
            CampaignError(.badFile, "\(file):\(row.line)", "`\(column)` is `\(row[column])`; allowed: \(allowed)")
        }
        guard !row["region"].isEmpty else { throw fault("region", "US, US-FL, DE …") }
        guard let weekdays = WeekHours.weekdays(row["weekdays"][...]) else { throw fault("weekdays", "mon-fri, sat …") }
        guard let span = WeekHours.span("\(row["opens"])-\(row["closes"])") else {
            throw fault("opens", "times such as 08:00, before `closes`")
        }
        guard ["open", "closed"].contains(row["holidays"]) else { throw fault("holidays", "open or closed") }
        let attempts = Int(row["attempts_per_day"])
        guard row["attempts_per_day"].isEmpty || (attempts ?? 0) > 0 else {
            throw fault("attempts_per_day", "a number from 1, or nothing")
        }
        guard let day = CalendarDay(row["effective_from"]) else { throw fault("effective_from", "YYYY-MM-DD") }
        return CallingRule(
            region: row["region"], weekdays: (0..<7).map(weekdays.contains), span: span,
            isClosedOnHolidays: row["holidays"] == "closed", attemptsPerDay: attempts, source: row["source"],
            effectiveFrom: day)
    }

    /// The rows of a region that hold on a day since 1970; those of an older date give way as a whole.
    func rules(of region: String, on day: Int) -> [CallingRule] {
        let past = (rules[region] ?? []).drop { $0.day > day }
        guard let newest = past.first?.day else { return [] }
        return past.prefix { $0.day == newest }.map(\.rule)
    }

    /// The name of a holiday in any of the regions.
    func holiday(on day: Int, in regions: [String]) -> String? {
        guard let here = holidays[day] else { return nil }
        return regions.lazy.compactMap { here[$0] }.first
    }

    /// The last day, since 1970, until which the holidays of a region are known: by those of its country, or by its own where
    /// its country has none. Nil where none of either is in the table.
    func lastHoliday(of region: String) -> Int? {
        lastHolidays[Self.country(of: region)] ?? lastHolidays[region]
    }

    /// Of each region whose rows close on holidays, at `moment` or later, until when its holidays are known; by region.
    package func knownHolidays(at moment: Date) -> [KnownHolidays] {
        let today = LocalMoment(moment, in: .gmt).day
        return rules.keys.sorted().compactMap { region -> KnownHolidays? in
            let coming = (rules[region] ?? []).filter { $0.day > today }.map(\.rule)
            guard (rules(of: region, on: today) + coming).contains(where: \.isClosedOnHolidays) else { return nil }
            return KnownHolidays(
                region: region, lastDay: lastHoliday(of: region).map { CalendarDay(epochDay: $0) })
        }
    }

    /// `US` of `US-FL`.
    private static func country(of region: String) -> String { String(region.prefix { $0 != "-" }) }

    /// The name of a holiday in any of the regions, where the clocks are those of `zone`.
    package func holiday(at moment: Date, in zone: TimeZone, of regions: [String]) -> String? {
        holiday(on: LocalMoment(moment, in: zone).day, in: regions)
    }

    /// Whether the table has holidays of a region at all.
    package func hasHolidays(of region: String) -> Bool { holidays.values.contains { $0[region] != nil } }
}
