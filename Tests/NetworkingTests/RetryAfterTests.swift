import Foundation
import Networking
import Testing

@Suite("How long a server asks to be left alone")
struct RetryAfterTests {
    @Test(
        "seconds or a date, a day at most, whatever a server writes",
        arguments: [
            ("120", 120_000), (" 0 ", 0), ("0.5", 500), ("99999999999", 86_400_000), ("inf", 86_400_000),
            ("Thu, 25 Feb 2021 15:03:10 GMT", 60_000), ("Thu, 25 Feb 2021 15:00:00 GMT", 0),
            ("Thursday, 25-Feb-21 15:03:10 GMT", 60_000), ("Thu, 25 Feb 2099 15:03:10 GMT", 86_400_000),
            ("-5", nil), ("-1e300", nil), ("nan", nil), ("soon", nil), ("", nil),
            (String(repeating: "9", count: 4000), 86_400_000),
        ] as [(String, Int?)])
    func duration(text: String, milliseconds: Int?) throws {
        let now = try Date("2021-02-25T15:02:10Z", strategy: .iso8601)
        #expect(RetryAfter.duration(text, at: now) == milliseconds.map { .milliseconds($0) })
    }
}
