package import Foundation

/// When somebody answers, as a file says it: `mon-fri 09:00-12:00 13:00-17:00, sat 10:00-14:00`. A day that is not named is
/// closed.
///
/// They are hours of the clock on the wall: where it is put forward or back they move with it.
package struct OpeningHours: Sendable, Equatable, LosslessStringConvertible {
    /// Seven entries, Monday first; the spans of a day are in order and apart.
    package let days: [[WeekHours.Span]]

    /// Nil for what is no such text, or names a day twice, and where the spans of a day meet or are out of order.
    package init?(_ description: String) {
        var days = [[WeekHours.Span]](repeating: [], count: 7)
        for part in description.split(separator: ",", omittingEmptySubsequences: false) {
            let words = part.split(separator: " ")
            guard words.count > 1, let weekdays = WeekHours.weekdays(words[0]), let spans = WeekHours.spans(words[1...])
            else { return nil }
            for day in weekdays {
                guard days[day].isEmpty else { return nil }
                days[day] = spans
            }
        }
        self.days = days
    }

    package var description: String {
        var parts: [String] = []
        var day = 0
        while day < 7 {
            let spans = days[day]
            var last = day
            while last < 6, days[last + 1] == spans { last += 1 }
            if !spans.isEmpty {
                let name = day == last ? WeekHours.names[day] : "\(WeekHours.names[day])-\(WeekHours.names[last])"
                parts.append("\(name) \(WeekHours.text(spans))")
            }
            day = last + 1
        }
        return parts.joined(separator: ", ")
    }

    /// Whether somebody answers where the clocks are those of `zone`.
    package func isOpen(at moment: Date, in zone: TimeZone) -> Bool {
        let local = LocalMoment(moment, in: zone)
        return days[local.weekday].contains { $0.opens <= local.minute && local.minute < $0.closes }
    }
}
