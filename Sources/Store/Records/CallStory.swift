/// A call with everything that belongs to it, except the journal, which is read in pieces.
package struct CallStory: Sendable, Equatable, Codable {
    package var call: CallRecord
    /// In the order they began.
    package var turns: [TurnRecord]
    /// In the order they began.
    package var tools: [ToolRecord]
    package var recordings: [RecordingRecord]
    package var incidents: [IncidentRecord]
    /// How many entries the journal has.
    package var journalCount: Int

    package init(
        call: CallRecord, turns: [TurnRecord], tools: [ToolRecord], recordings: [RecordingRecord],
        incidents: [IncidentRecord], journalCount: Int
    ) {
        self.call = call
        self.turns = turns
        self.tools = tools
        self.recordings = recordings
        self.incidents = incidents
        self.journalCount = journalCount
    }
}
