package import Foundation

/// When to try a contact again who did not answer: at another part of the day than before, rather on another weekday, and
/// rather in hours in which people of the same campaign answered. Pure.
package struct BestTime: Sendable {
    /// Of the day.
    private enum Part { case morning, afternoon, evening }

    private let hours: CallingHours
    private let zone: TimeZone
    private let tried: [LocalMoment]
    private let answers: HourlyAnswers

    /// - Parameters:
    ///   - hours: when the contact may be called.
    ///   - zone: of the contact.
    ///   - tried: when they were called and no person answered.
    ///   - answers: of the campaign.
    package init(hours: CallingHours, zone: TimeZone, tried: [Date], answers: HourlyAnswers) {
        self.hours = hours
        self.zone = zone
        self.tried = tried.map { LocalMoment($0, in: zone) }
        self.answers = answers
    }

    /// The hour that `moment` is in, as the clocks of `zone` show it.
    package static func hour(of moment: Date, in zone: TimeZone) -> Int { LocalMoment(moment, in: zone).minute / 60 }

    /// - Parameters:
    ///   - earliest: what is returned where nobody may be called within the time: the gate finds the next opening.
    ///   - length: how much later it may be.
    ///   - seed: the same contact always gets the same.
    package func moment(from earliest: Date, within length: Duration, seed: UInt64) -> Date {
        var generator = SplitMix(seed: seed)
        var candidates: [(moment: Date, tries: Int, weight: Double)] = []
        let end = earliest + length / .seconds(1)
        var begins = earliest
        while begins < end {
            // Zones of half hours, too: an hour ends when the clock shows a full one.
            let minute = LocalMoment(begins, in: zone).minute % 60
            let full = (begins.timeIntervalSince1970 / 60).rounded(.down) * 60 + Double(60 - minute) * 60
            let ends = min(end, Date(timeIntervalSince1970: full))
            // Anywhere in the hour, so that not everybody rings when it begins.
            let moment = begins + ends.timeIntervalSince(begins) * generator.unit()
            if hours.objection(at: moment) == nil {
                let local = LocalMoment(moment, in: zone)
                let share = answers.share(ofHour: local.minute / 60)
                let sameDay = tried.count(where: { $0.weekday == local.weekday })
                candidates.append(
                    (
                        moment, tried.count(where: { Self.part($0) == Self.part(local) }),
                        share * share / Double(1 << min(sameDay, 16))
                    ))
            }
            begins = ends
        }
        // A part of the day that was tried least goes before everything else. By chance within it: if all went to the best
        // hour, there were no lines in it.
        guard let least = candidates.map(\.tries).min() else { return earliest }
        let left = candidates.filter { $0.tries == least }
        var rest = left.reduce(0) { $0 + $1.weight } * generator.unit()
        for candidate in left {
            rest -= candidate.weight
            if rest < 0 { return candidate.moment }
        }
        return left.last?.moment ?? earliest
    }

    private static func part(_ local: LocalMoment) -> Part {
        switch local.minute {
        case ..<720: .morning
        case ..<1020: .afternoon
        default: .evening
        }
    }
}
