import Foundation
import Store

/// What is told of a call that somebody who called was promised.
struct CallbackBody: Encodable {
    let id: String
    /// On which it was promised.
    let callID: String
    let number: String?
    let note: String?
    let dueAt: Date
    let timeZone: String

    init(_ callback: CallbackRecord, isOpen: Bool) {
        id = callback.id
        callID = callback.callID
        number = isOpen ? callback.number : nil
        note = isOpen ? callback.note : nil
        dueAt = callback.dueAt
        timeZone = callback.timeZone
    }
}
