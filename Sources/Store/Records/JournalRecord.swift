package import Foundation

/// One input of a call's decisions, as it came. Entries are added and never changed; a second one with the same
/// sequence number is ignored.
package struct JournalRecord: Sendable, Equatable, Codable {
    package var callID: String
    /// Counts from 0 or 1 without gaps; the order of the decisions.
    package var sequence: Int
    /// In samples at 8 kHz since the call's media began.
    package var position: Int
    /// The name of the event.
    package var kind: String
    /// The event itself, encoded by whoever wrote it (JSON).
    package var payload: Data
    /// What followed from it, as its writer puts it (a JSON array of texts); nil in entries of older versions.
    package var decisions: String?

    package init(callID: String, sequence: Int, position: Int, kind: String, payload: Data, decisions: String? = nil) {
        self.callID = callID
        self.sequence = sequence
        self.position = position
        self.kind = kind
        self.payload = payload
        self.decisions = decisions
    }
}
