/// Hours of the week, in the callee's own time: `mon-fri 09:00-12:00 13:00-17:30, sat 10:00-14:00`.
package struct WeekHours: Sendable, Equatable, LosslessStringConvertible {
    /// Minutes of a day, 0...1440; the end is not part of it.
    package struct Span: Sendable, Equatable {
        package var opens: Int
        package var closes: Int

        package init(opens: Int, closes: Int) {
            self.opens = opens
            self.closes = closes
        }

        /// What both have; nil when that is nothing.
        package func intersection(_ other: Span) -> Span? {
            let span = Span(opens: max(opens, other.opens), closes: min(closes, other.closes))
            return span.opens < span.closes ? span : nil
        }
    }

    static let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

    /// Seven entries, Monday first; the spans of each in order, none where nobody is called.
    package private(set) var days: [[Span]]

    /// At most one span a day; nil where nobody is called.
    package init(days: [Span?]) {
        precondition(days.count == 7, "a week has seven days")
        self.days = days.map { $0.map { [$0] } ?? [] }
    }

    /// Nil for what is no such text, names a day twice, or has spans that overlap or are not in order.
    package init?(_ description: String) {
        var days = [[Span]](repeating: [], count: 7)
        for part in description.split(separator: ",") {
            let words = part.split(separator: " ")
            guard words.count > 1, let range = Self.weekdays(words[0]), let spans = Self.spans(words[1...]) else {
                return nil
            }
            for day in range {
                guard days[day].isEmpty else { return nil }
                days[day] = spans
            }
        }
        guard days.contains(where: { !$0.isEmpty }) else { return nil }
        self.days = days
    }

    package var description: String {
        var parts: [String] = []
        var day = 0
        while day < 7 {
            let spans = days[day]
            guard !spans.isEmpty else {
                day += 1
                continue
            }
            var last = day
            while last < 6, days[last + 1] == spans { last += 1 }
            let name = last == day ? Self.names[day] : "\(Self.names[day])-\(Self.names[last])"
            parts.append("\(name) \(Self.text(spans))")
            day = last + 1
        }
        return parts.joined(separator: ", ")
    }

    /// `09:00-12:00 13:00-17:30`
    static func text(_ spans: [Span]) -> String {
        spans.map { "\(time($0.opens))-\(time($0.closes))" }.joined(separator: " ")
    }

    /// Spans as ``text(_:)`` writes them; nil where they overlap or are not in order.
    static func spans(_ words: ArraySlice<Substring>) -> [Span]? {
        var spans: [Span] = []
        for word in words {
            guard let span = Self.span(word), spans.last.map({ $0.closes < span.opens }) ?? true else { return nil }
            spans.append(span)
        }
        return spans
    }

    /// `mon-fri`, `sat`; indices from Monday.
    static func weekdays(_ text: Substring) -> ClosedRange<Int>? {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map {
            names.firstIndex(of: $0.lowercased())
        }
        guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1], first <= last else {
            return nil
        }
        return first...last
    }

    static func span(_ text: Substring) -> Span? {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map(minute)
        guard ends.count == 2, let opens = ends[0], let closes = ends[1], opens < closes else { return nil }
        return Span(opens: opens, closes: closes)
    }

    /// `09:00` ... `24:00` as minutes of the day.
    static func minute(_ text: Substring) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.count == 2 }), let hour = Int(parts[0]),
            let minute = Int(parts[1]),
            (0...59).contains(minute), (0...1440).contains(hour * 60 + minute), hour >= 0
        else { return nil }
        return hour * 60 + minute
    }

    /// A minute of the day as a clock shows it.
    package static func time(_ minute: Int) -> String {
        let (hour, rest) = (minute / 60, minute % 60)
        return "\(hour < 10 ? "0" : "")\(hour):\(rest < 10 ? "0" : "")\(rest)"
    }
}

extension WeekHours: Codable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let hours = WeekHours(text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "\"\(text)\" is not of the form mon-fri 09:00-12:00 13:00-17:00")
        }
        self = hours
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
