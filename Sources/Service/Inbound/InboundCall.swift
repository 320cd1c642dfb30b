package import Foundation

/// A call that comes in.
package struct InboundCall: Sendable, Equatable {
    /// The carrier's; a webhook that is sent again has the same.
    package var id: String
    /// Numbers with `+`, SIP addresses, or what stands in place of a hidden one.
    package var called: String
    package var caller: String
    package var at: Date

    package init(id: String, called: String, caller: String, at: Date) {
        self.id = id
        self.called = called
        self.caller = caller
        self.at = at
    }

    /// The words for a hidden number on a telephone's keys, as Twilio and those who speak like it write them: RESTRICTED,
    /// BLOCKED, ANONYMOUS, UNKNOWN, UNAVAILABLE.
    private static let keyedWords: Set<String> = [
        "+7378742833", "+2562533", "+266696687", "+8656696", "+86282452253",
    ]

    /// Whether nobody can say who calls.
    package var isHidden: Bool {
        if caller.hasPrefix("+") {
            return Self.keyedWords.contains(caller) || !caller.dropFirst().contains { $0.isNumber }
        }
        // Who calls from an app has a name there: `client:alice`, with Twilio.
        if caller.hasPrefix("client:") { return false }
        guard caller.hasPrefix("sip:") || caller.hasPrefix("sips:") else {
            // Extensions of a switch are digits; `anonymous`, `restricted` and nothing at all are none.
            return !caller.contains { $0.isNumber }
        }
        return caller.lowercased().contains(":anonymous@")
    }
}
