/// What is known of a call before anyone speaks.
package struct CallFacts: Sendable, Equatable {
    package var callID: String
    /// E.164, or whatever the carrier said; empty when withheld.
    package var callerNumber: String
    package var calledNumber: String
    /// Custom parameters of the call.
    package var parameters: [String: String]
    /// Whether we placed the call.
    package var isPlaced: Bool
    /// What others that work for the call are told of its trace (W3C Trace Context); nil where nothing is traced.
    package var traceparent: String?

    package init(
        callID: String, callerNumber: String = "", calledNumber: String = "", parameters: [String: String] = [:],
        isPlaced: Bool = false
    ) {
        self.callID = callID
        self.callerNumber = callerNumber
        self.calledNumber = calledNumber
        self.parameters = parameters
        self.isPlaced = isPlaced
    }
}
