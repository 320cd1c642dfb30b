/// One record on its way into the store.
///
/// Calls, turns, tools and recordings may be handed over again when they changed; the newest version stays. Journal
/// entries and incidents are added once.
package enum StoreWrite: Sendable, Equatable, Codable {
    case call(CallRecord)
    /// A call, and what others are told of it: both or neither.
    case announcedCall(CallRecord, [WebhookDraft])
    case turn(TurnRecord)
    case tool(ToolRecord)
    case journal(JournalRecord)
    case recording(RecordingRecord)
    case incident(IncidentRecord)

    /// The call it belongs to.
    package var callID: String? {
        switch self {
        case .call(let record), .announcedCall(let record, _): record.id
        case .turn(let record): record.callID
        case .tool(let record): record.callID
        case .journal(let record): record.callID
        case .recording(let record): record.callID
        case .incident(let record): record.callID
        }
    }
}
