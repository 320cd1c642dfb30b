/// What a vendor says, as far as it matters here.
enum RealtimeServerEvent: Sendable, Equatable {
    /// The buffer of input audio became an item of the conversation.
    case committed(item: String)
    /// The conversation has this item now, behind that one; nil for its beginning.
    case itemAdded(item: String, after: String?)
    case transcribed(item: String, text: String)
    case notTranscribed(item: String, reason: String)
    case responseCreated(String)
    /// The response begins to say something.
    case spokenItem(response: String, item: String)
    case transcript(response: String, item: String, text: String)
    /// The words of what is said are whole.
    case transcriptEnded(response: String)
    case audio(response: String, item: String, [UInt8])
    /// The item's audio is whole.
    case audioEnded(response: String, item: String)
    case call(response: String, RealtimeToolCall)
    case responseDone(response: String, Outcome)
    case failed(Failure)
    /// The vendor has taken the connection: from here on it may be told more.
    case ready
    /// The connection ends soon; a new one is wanted between two turns.
    case renewalDue
    /// A new connection could go on from here.
    case resumable
    /// Nothing we need.
    case other

    struct Outcome: Sendable, Equatable {
        /// `completed`, `cancelled`, `failed` or `incomplete`.
        var status: String
        var calls: [RealtimeToolCall] = []
        /// Why it is not complete.
        var reason: String?
        var failure: Failure?
        var inputTokens = 0
        var cachedTokens = 0
        var outputTokens = 0
        /// Of the input and output, those of sound; cached ones are none of them.
        var soundIn = 0
        var soundOut = 0
    }

    struct Failure: Sendable, Equatable {
        var code: String
        var message: String
        /// Our message that it is about.
        var eventID: String?

        var words: String { "\(code): \(message)" }
    }
}
