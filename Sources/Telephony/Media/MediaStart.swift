package import AudioCore

/// What a carrier says about a stream before its first audio.
package struct MediaStart: Sendable, Equatable {
    /// The carrier's id of the stream; every message to it carries this.
    package var streamID: String
    /// The carrier's id of the call.
    package var callID: String
    /// The carrier's id of the account.
    package var accountID: String
    /// What the answer to the webhook attached to the stream. Untrusted until the token in it is verified.
    package var parameters: [String: String]
    /// Of the caller's audio.
    package var format: MediaFormat
    /// Of the agent's audio.
    package var replyFormat: MediaFormat
    /// The directions the stream carries, as the carrier names them.
    package var tracks: [String]

    package init(
        streamID: String, callID: String, accountID: String, parameters: [String: String] = [:],
        format: AudioFormat = .telephone, replyFormat: AudioFormat = .telephone, tracks: [String] = ["inbound"]
    ) {
        self.init(
            streamID: streamID, callID: callID, accountID: accountID, parameters: parameters,
            hears: .samples(format), speaks: .samples(replyFormat), tracks: tracks)
    }

    /// A stream that may carry packets.
    package init(
        streamID: String, callID: String, accountID: String, parameters: [String: String], hears format: MediaFormat,
        speaks replyFormat: MediaFormat, tracks: [String] = ["inbound"]
    ) {
        self.streamID = streamID
        self.callID = callID
        self.accountID = accountID
        self.parameters = parameters
        self.format = format
        self.replyFormat = replyFormat
        self.tracks = tracks
    }
}
