import Foundation
import Store

/// What is told of a message that a caller left.
struct VoicemailBody: Encodable {
    let callID: String
    let number: String?
    let words: String?
    /// Why the caller could not be helped.
    let reason: String?
    let begunAt: Date
    let endedAt: Date
    /// Seconds into the call's recording; absent where there is none.
    let recordedFrom: Double?
    let recordedTo: Double?

    init(_ message: VoicemailRecord, isOpen: Bool) {
        callID = message.callID
        number = isOpen ? message.number : nil
        words = isOpen ? message.words : nil
        reason = isOpen ? message.reason : nil
        begunAt = message.begunAt
        endedAt = message.endedAt
        recordedFrom = message.recordedFrom
        recordedTo = message.recordedTo
    }
}
