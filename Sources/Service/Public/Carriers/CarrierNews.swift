import Telephony

/// What a webhook says of a call that we placed; a carrier may say both at once.
struct CarrierNews: Sendable, Equatable {
    var report: CarrierReport?
    /// Who answered, in Twilio's words: `human`, `machine_start`, `fax` …
    var answeredBy: String?
}

extension CarrierReport {
    /// Of a form with Twilio's names; nil when its state is none that is known.
    init?(_ form: FormBody) {
        guard let status = CarrierCall.Status(rawValue: form["CallStatus"] ?? "") else { return nil }
        self.init(
            status: status, sipCode: form["SipResponseCode"].flatMap { Int($0) },
            duration: form["CallDuration"].flatMap { Int($0) }.map { .seconds($0) })
        // Telnyx names a cause in place of a SIP code.
        guard sipCode == nil, let cause = form["HangupCause"] else { return }
        self.cause = cause
        sipCode = Self.sipCodes[cause]
    }

    /// Telnyx' causes that say something of the number or of its owner.
    private static let sipCodes = [
        "user_busy": 486, "no_answer": 480, "timeout": 480, "call_rejected": 603, "not_found": 404,
    ]
}
