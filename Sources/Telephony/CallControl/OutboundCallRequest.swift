/// A call that a carrier is asked to place.
package struct OutboundCallRequest: Sendable, Equatable {
    /// E.164, or `sip:…` where a person's telephone is one of the network's.
    package var to: String
    /// E.164
    package var from: String
    /// Where the carrier asks what to do when somebody answers.
    package var answerURL: String
    /// Told of every change of the call's state.
    package var statusURL: String
    /// Told whether a person or a machine answered, while the call goes on; nil does not find out.
    package var machineURL: String?
    /// How long it rings, 5...600 s.
    package var ringTimeout: Duration

    package init(
        to: String, from: String, answerURL: String, statusURL: String, machineURL: String? = nil,
        ringTimeout: Duration = .seconds(25)
    ) {
        self.to = to
        self.from = from
        self.answerURL = answerURL
        self.statusURL = statusURL
        self.machineURL = machineURL
        self.ringTimeout = ringTimeout
    }
}
