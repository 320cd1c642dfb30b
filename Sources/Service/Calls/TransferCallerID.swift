import Telephony

/// The number that people see who are called for a caller.
enum TransferCallerID {
    /// Told to the caller's agent where there is none.
    static let missing = "this service has no number to call a person from"
    /// What an operator is told to do then.
    static let remedy = "set calls.transfer_caller_id to a number of the account that calls people"

    /// Nil where there is none that a carrier would take.
    ///
    /// - Parameters:
    ///   - configured: for all such calls.
    ///   - ours: that the caller dialled, or was called from; anything that their carrier names.
    static func choice(configured: String?, ours: String) -> String? {
        configured ?? (CarrierNumber.isE164(ours) ? ours : nil)
    }
}
