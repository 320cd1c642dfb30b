package import Foundation

/// How long a server asks to be left alone (RFC 9110, 10.2.3).
package enum RetryAfter {
    /// What is asked for at most: a day.
    private static let longest = 86_400.0

    /// - Parameters:
    ///   - text: the header's value, in the server's words: seconds, of which some write decimals, or a date.
    ///   - now: what a date is counted from.
    /// - Returns: zero to a day; nil where it says nothing that can be waited for.
    package static func duration(_ text: String, at now: Date = Date()) -> Duration? {
        let text = text.trimmingCharacters(in: .whitespaces)
        if let seconds = Double(text) {
            // "nan" is a number, too.
            return seconds >= 0 ? .milliseconds(Int64(min(seconds, longest) * 1000)) : nil
        }
        guard let date = HTTPDate.parse(text) else { return nil }
        let seconds = date.timeIntervalSince(now)
        return .milliseconds(Int64(min(max(seconds, 0), longest) * 1000))
    }
}

extension HTTPClientResponse {
    /// How long the server asks to be left alone, if it does.
    package func retryAfter(at now: Date = Date()) -> Duration? {
        self[header: "retry-after"].flatMap { RetryAfter.duration($0, at: now) }
    }
}
