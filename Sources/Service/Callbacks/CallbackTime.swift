import Agent
import Campaigns
import Foundation
import Store

/// When a person wants to be called.
enum CallbackTime: Sendable, Equatable {
    /// Where the person is.
    case at(CalendarDay, CalendarTime)
    /// As soon as it is lawful after so many minutes.
    case after(minutes: Int)

    /// - Parameters:
    ///   - zone: of the address on file, if it is known.
    ///   - place: where the person may be.
    func plan(
        zone: TimeZone?, place: CalleePlace, campaign: CampaignDefinition, rules: CallingRules, now: Date
    ) -> CallbackPlanner.Answer {
        switch self {
        case .at(let day, let time):
            CallbackPlanner.plan(
                day: day, minute: time.minutes, zone: zone, place: place, campaign: campaign, rules: rules, now: now)
        case .after(let minutes):
            CallbackPlanner.plan(
                from: now + Double(minutes) * 60, zone: zone, place: place, campaign: campaign, rules: rules, now: now)
        }
    }
}
