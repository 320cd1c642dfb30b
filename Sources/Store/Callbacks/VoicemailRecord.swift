package import Foundation

/// A message that a caller left.
package struct VoicemailRecord: Sendable, Equatable, Codable {
    package enum State: String, Sendable, Codable, CaseIterable {
        /// The caller is still speaking, or their call's end was never stored.
        case taking
        case new
        case heard
    }

    package var callID: String
    /// The caller's; empty when withheld.
    package var number: String
    /// As recognized; empty where nothing was understood, and then the recording has it.
    package var words: String
    /// Why the caller could not be helped.
    package var reason: String
    package var state: State
    package var begunAt: Date
    package var endedAt: Date
    package var heardBy: String?
    package var heardAt: Date?
    /// Where the message begins in the call's recording, in seconds; nil where the call is not recorded.
    package var recordedFrom: Double?
    package var recordedTo: Double?

    package init(
        callID: String, number: String, words: String, reason: String, state: State, begunAt: Date, endedAt: Date
    ) {
        self.callID = callID
        self.number = number
        self.words = words
        self.reason = reason
        self.state = state
        self.begunAt = begunAt
        self.endedAt = endedAt
    }

    init(row: SQLRow) throws {
        self.init(
            callID: row["call_id"], number: row["number"], words: row["words"], reason: row["reason"],
            state: try row.word("state"), begunAt: Date(storedMilliseconds: row["begun_at"]),
            endedAt: Date(storedMilliseconds: row["ended_at"]))
        heardBy = row["heard_by"]
        heardAt = (row["heard_at"] as Int?).map(Date.init(storedMilliseconds:))
        if let start = row["started_at"] as Int?, row["recording_path"] as String? != nil {
            let origin = Date(storedMilliseconds: start)
            recordedFrom = max(0, begunAt.timeIntervalSince(origin))
            recordedTo = max(0, endedAt.timeIntervalSince(origin))
        }
    }
}
