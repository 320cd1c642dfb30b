/// A sound file of a call: caller left, agent right.
package struct RecordingRecord: Sendable, Equatable, Codable {
    package var callID: String
    package var path: String
    /// `wav`, or `sealed` for an encrypted one.
    package var format: String
    /// Of the counts below, in Hz.
    package var sampleRate: Int
    package var callerSamples: Int
    package var agentSamples: Int
    /// Hexadecimal, where the writer had it at hand.
    package var sha256: String?
    /// What of it is silence by intent; nil where nothing is.
    package var redactions: [RedactionRecord]?

    package init(
        callID: String, path: String, format: String, sampleRate: Int = 8000, callerSamples: Int, agentSamples: Int,
        sha256: String? = nil, redactions: [RedactionRecord]? = nil
    ) {
        self.callID = callID
        self.path = path
        self.format = format
        self.sampleRate = sampleRate
        self.callerSamples = callerSamples
        self.agentSamples = agentSamples
        self.sha256 = sha256
        self.redactions = redactions
    }
}
