/// One tool call of the agent.
package struct ToolRecord: Sendable, Equatable, Codable {
    package var callID: String
    /// The number of the turn it served.
    package var turn: Int
    /// Unique within the call.
    package var invocationID: String
    package var name: String
    /// JSON text.
    package var arguments: String
    /// JSON text of the result or of the error; `nil` while it runs.
    package var outcome: String?
    /// `nil` while it runs.
    package var succeeded: Bool?
    /// In samples at 8 kHz since the call's media began.
    package var started: Int
    package var finished: Int?

    package init(
        callID: String, turn: Int, invocationID: String, name: String, arguments: String, outcome: String? = nil,
        succeeded: Bool? = nil, started: Int, finished: Int? = nil
    ) {
        self.callID = callID
        self.turn = turn
        self.invocationID = invocationID
        self.name = name
        self.arguments = arguments
        self.outcome = outcome
        self.succeeded = succeeded
        self.started = started
        self.finished = finished
    }
}
