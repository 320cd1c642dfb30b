package import Foundation

/// Times as carriers write them.
package enum CarrierTime {
    private static let locale = Locale(identifier: "en_US_POSIX")
    private static let calendar = Calendar(identifier: .gregorian)
    /// RFC 2822, Twilio's: `Wed, 25 Nov 2026 18:00:00 +0000`
    private static let mail: Date.FormatString =
        "\(weekday: .abbreviated), \(day: .twoDigits) \(month: .abbreviated) \(year: .defaultDigits) \(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased)):\(minute: .twoDigits):\(second: .twoDigits) +0000"
    private static let style = Date.VerbatimFormatStyle(
        format: mail, locale: locale, timeZone: .gmt, calendar: calendar)
    private static let strategy = Date.ParseStrategy(
        format: mail, locale: locale, timeZone: .gmt, calendar: calendar)

    /// Reads RFC 2822 and ISO 8601, the latter also with a blank in its middle, with fractions, and without a zone, which
    /// is that of Greenwich then.
    package static func date(_ text: String) -> Date? {
        if let date = try? Date(text, strategy: strategy) { return date }
        var text = text.replacing(" ", with: "T")
        if let fraction = text.firstRange(of: ".") {
            let digits = text[fraction.upperBound...].prefix { $0.isNumber }
            text.removeSubrange(fraction.lowerBound..<digits.endIndex)
        }
        if text.last == "Z" { text.removeLast() }
        var offset = 0.0
        let zone = text.suffix(6)
        if let sign = zone.first, "+-".contains(sign), zone.contains(":"),
            let hours = Double(zone.dropFirst().prefix(2)),
            let minutes = Double(zone.suffix(2))
        {
            offset = (hours * 60 + minutes) * (sign == "-" ? -60 : 60)
            text.removeLast(6)
        }
        return (try? Date(text + "Z", strategy: .iso8601)).map { $0 - offset }
    }

    /// As Twilio writes it.
    package static func text(_ date: Date) -> String { date.formatted(style) }
}
