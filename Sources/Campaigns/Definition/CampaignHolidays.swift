import Store

/// Days on which a campaign calls nobody, or at other hours than on that weekday, in the callee's own time:
/// `2026-12-25, 2026-12-31 10:00-14:00`.
package struct CampaignHolidays: Sendable, Equatable, LosslessStringConvertible {
    /// The hours of each, by the day since 1970; none where nobody is called.
    private let hours: [Int: [WeekHours.Span]]

    /// Nil for what is no such text, or names a day twice.
    package init?(_ description: String) {
        var hours: [Int: [WeekHours.Span]] = [:]
        for part in description.split(separator: ",") {
            let words = part.split(separator: " ")
            guard let first = words.first, let day = CalendarDay(String(first)),
                let spans = WeekHours.spans(words[1...]), hours.updateValue(spans, forKey: day.epochDay) == nil
            else { return nil }
        }
        guard !hours.isEmpty else { return nil }
        self.hours = hours
    }

    package var description: String {
        hours.sorted { $0.key < $1.key }.map { day, spans -> String in
            let date = "\(CalendarDay(epochDay: day))"
            return spans.isEmpty ? date : "\(date) \(WeekHours.text(spans))"
        }.joined(separator: ", ")
    }

    /// The hours of a day since 1970, none where nobody is called; nil for a day like any other.
    func hours(on day: Int) -> [WeekHours.Span]? { hours[day] }
}

extension CampaignHolidays: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let holidays = CampaignHolidays(text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "\"\(text)\" is not of the form 2026-12-25, 2026-12-31 10:00-14:00")
        }
        self = holidays
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
