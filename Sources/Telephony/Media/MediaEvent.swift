/// What one message of a carrier says.
package enum MediaEvent: Sendable, Equatable {
    /// Why a sound message has no effect.
    package enum IgnoredReason: Sendable, Equatable {
        /// A kind of message this dialect does not know.
        case unknownEvent(String)
        /// Audio of a direction other than the caller's.
        case otherTrack
        /// Anything that follows `stop`.
        case streamStopped
    }

    /// The first message of a connection.
    case connected(version: String)
    /// The stream's description; audio follows.
    indirect case started(MediaStart)
    /// Caller audio, now in the ``MediaPayload``.
    ///
    /// - Parameters:
    ///   - sampleCount: samples in the payload; 0 where only a decoder knows.
    ///   - timestamp: the carrier's time of the first sample, in ms since the stream began; nil if it gave none.
    ///   - sequence: the carrier's number of the message; nil if it gave none.
    case media(sampleCount: Int, timestamp: Int?, sequence: Int?)
    /// The caller pressed a key: 0...9, A...D, `*` or `#`.
    case keyPressed(Character)
    /// A mark came back: what was sent before it has been played, or was cleared.
    case mark(name: String)
    /// The peer did not like what it was sent, in its words.
    case complained(String)
    /// The stream is over.
    case stopped
    case ignored(IgnoredReason)
}
