package import Foundation
package import Store

/// When a person who asks to be called at some time can be called. Pure.
package enum CallbackPlanner {
    package enum Answer: Sendable, Equatable {
        /// At this moment, in the zone whose clock the person means.
        case at(Date, TimeZone)
        /// Not then; the next lawful moment, if there is one, as a clock shows it there.
        case notThen(reason: String, next: String?)
    }

    /// A promise for later than this is none.
    package static let mostDays = 60.0

    /// - Parameters:
    ///   - minute: of the day, 0...1439.
    ///   - zone: of the address on file, if it is known.
    ///   - place: where the person may be; of several zones the one counts in which it is that time last.
    package static func plan(
        day: CalendarDay, minute: Int, zone: TimeZone?, place: CalleePlace, campaign: CampaignDefinition,
        rules: CallingRules, now: Date
    ) -> Answer {
        func moment(in zone: TimeZone) -> Date { LocalMoment(day: day.epochDay, minute: minute).date(in: zone) }
        let known = zone.flatMap { zone in place.timeZones.first { $0.identifier == zone.identifier } }
        guard let there = known ?? place.timeZones.max(by: { moment(in: $0) < moment(in: $1) }) else {
            return .notThen(reason: "nothing tells in which time zone this number rings", next: nil)
        }
        let then = moment(in: there)
        guard then > now else { return .notThen(reason: "that time is over", next: nil) }
        guard then < now + mostDays * 86_400 else {
            return .notThen(reason: "that is more than \(Int(mostDays)) days away", next: nil)
        }
        let hours = CallingHours(campaign, at: place, under: rules)
        guard let objection = hours.objection(at: then) else { return .at(then, there) }
        let next = hours.nextOpening(from: then).map { text($0, in: there) }
        return .notThen(reason: objection, next: next)
    }

    /// The first lawful moment from `earliest` on, for a person who named no time.
    ///
    /// - Parameters: as for ``plan(day:minute:zone:place:campaign:rules:now:)``.
    package static func plan(
        from earliest: Date, zone: TimeZone?, place: CalleePlace, campaign: CampaignDefinition, rules: CallingRules,
        now: Date
    ) -> Answer {
        let known = zone.flatMap { zone in place.timeZones.first { $0.identifier == zone.identifier } }
        guard let there = known ?? place.timeZones.first else {
            return .notThen(reason: "nothing tells in which time zone this number rings", next: nil)
        }
        let hours = CallingHours(campaign, at: place, under: rules)
        guard let objection = hours.objection(at: earliest) else { return .at(earliest, there) }
        guard let next = hours.nextOpening(from: earliest), next < now + mostDays * 86_400 else {
            return .notThen(reason: objection, next: nil)
        }
        return .at(next, there)
    }

    /// `2026-12-01 10:00`, as the clocks there show it.
    package static func text(_ moment: Date, in zone: TimeZone) -> String {
        let local = LocalMoment(moment, in: zone)
        return "\(CalendarDay(epochDay: local.day)) \(WeekHours.time(local.minute))"
    }
}
