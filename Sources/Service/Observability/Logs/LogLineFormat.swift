import Foundation
import Logging

/// Makes the line of an event.
struct LogLineFormat: Sendable {
    let format: LogFormat
    let isColoured: Bool
    let redaction: LogRedaction
    var now: @Sendable () -> Date = { Date() }
    /// In which the times of pretty lines are given; those of JSON are in UTC.
    var timeZone = TimeZone.current

    func line(label: String, level: Logger.Level, message: String, facts: Logger.Metadata) -> String {
        let facts = redaction.apply(to: facts).sorted { $0.key < $1.key }
        let message = redaction.mask.mask(message)
        switch format {
        case .pretty: return pretty(label: label, level: level, message: message, facts: facts)
        case .json: return json(label: label, level: level, message: message, facts: facts)
        }
    }

    // MARK: For people

    private func pretty(label: String, level: Logger.Level, message: String, facts: [Logger.Metadata.Element]) -> String
    {
        let style = Date.VerbatimFormatStyle(
            format: """
                \(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased)):\(minute: .twoDigits):\
                \(second: .twoDigits).\(secondFraction: .fractional(3))
                """,
            timeZone: timeZone, calendar: Calendar(identifier: .gregorian))
        let name = level.rawValue.uppercased().padding(toLength: 8, withPad: " ", startingAt: 0)
        let facts = facts.map { "\(dimmed($0.key + "="))\(Self.plain($0.value))" }
        let parts = [dimmed(now().formatted(style)), coloured(name, level), Self.visible(message)] + facts
        return (parts + [dimmed("(\(label))")]).joined(separator: " ") + "\n"
    }

    private static func plain(_ value: Logger.MetadataValue) -> String {
        switch value {
        case .string(let text): quoted(text)
        case .stringConvertible(let value): quoted("\(value)")
        case .array(let values): "[" + values.map(plain).joined(separator: ", ") + "]"
        case .dictionary(let values):
            "{"
                + values.sorted { $0.key < $1.key }.map { "\(visible($0.key)): \(plain($0.value))" }
                .joined(separator: ", ") + "}"
        }
    }

    private static func quoted(_ text: String) -> String {
        text.isEmpty || text.contains(where: { $0.isWhitespace || $0 == "\"" }) ? "\"\(visible(text))\"" : visible(text)
    }

    /// Control characters made visible: a value must not be able to forge a line or command the terminal.
    private static func visible(_ text: String) -> String {
        var visible = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": visible += "\\n"
            case "\"": visible += "\\\""
            case _ where scalar.properties.generalCategory == .control:
                visible += "\\u{\(String(scalar.value, radix: 16))}"
            default: visible.unicodeScalars.append(scalar)
            }
        }
        return visible
    }

    private func dimmed(_ text: String) -> String { isColoured ? "\u{1B}[2m\(text)\u{1B}[0m" : text }

    private func coloured(_ text: String, _ level: Logger.Level) -> String {
        guard isColoured else { return text }
        let code =
            switch level {
            case .trace, .debug: "2"
            case .info, .notice: "36"
            case .warning: "33"
            case .error, .critical: "31;1"
            }
        return "\u{1B}[\(code)m\(text)\u{1B}[0m"
    }

    // MARK: For collectors

    private func json(label: String, level: Logger.Level, message: String, facts: [Logger.Metadata.Element]) -> String {
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        let own = [
            ("time", now().formatted(style)), ("level", level.rawValue), ("logger", label), ("message", message),
        ]
        let names = Set(own.map(\.0))
        var members = own.map { "\(Self.text($0.0)):\(Self.text($0.1))" }
        for (key, value) in facts {
            // A fact never takes the place of what every line has.
            members.append("\(Self.text(names.contains(key) ? "metadata.\(key)" : key)):\(Self.value(value))")
        }
        return "{\(members.joined(separator: ","))}\n"
    }

    private static func value(_ value: Logger.MetadataValue) -> String {
        switch value {
        case .string(let text): Self.text(text)
        case .stringConvertible(let value as Int): "\(value)"
        case .stringConvertible(let value as Bool): "\(value)"
        case .stringConvertible(let value as Double) where value.isFinite: "\(value)"
        case .stringConvertible(let value): text("\(value)")
        case .array(let values): "[" + values.map(Self.value).joined(separator: ",") + "]"
        case .dictionary(let values):
            "{"
                + values.sorted { $0.key < $1.key }.map { "\(text($0.key)):\(Self.value($0.value))" }
                .joined(separator: ",") + "}"
        }
    }

    /// A JSON string (RFC 8259, section 7).
    private static func text(_ text: String) -> String {
        var json = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": json += "\\\""
            case "\\": json += "\\\\"
            case "\n": json += "\\n"
            case "\r": json += "\\r"
            case "\t": json += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let digits = String(scalar.value, radix: 16)
                json += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: json.unicodeScalars.append(scalar)
            }
        }
        return json + "\""
    }
}
