import CCurl
package import Foundation

/// The time in a header such as `Date` (RFC 9110, 5.6.7).
package enum HTTPDate {
    /// Nil where the text is no time.
    package static func parse(_ text: String) -> Date? {
        // Safe: a string with an end, read and not kept; the second argument is unused and may be nil.
        let seconds = unsafe curl_getdate(text, nil)
        return seconds >= 0 ? Date(timeIntervalSince1970: Double(seconds)) : nil
    }
}
