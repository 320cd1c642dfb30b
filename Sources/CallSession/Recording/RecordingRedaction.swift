/// A stretch of a call whose sound is not in its recording: silence of the same length, on both sides.
package struct RecordingRedaction: Sendable, Equatable, Codable {
    package enum Reason: String, Sendable, Codable, CaseIterable {
        /// A secret was asked for: a card's number, say.
        case withheld
        case `operator`
    }

    /// In samples at 8 kHz since the media started.
    package var from: Int
    package var to: Int
    package var reason: Reason

    package init(from: Int, to: Int, reason: Reason) {
        self.from = from
        self.to = to
        self.reason = reason
    }
}
