package import AudioCore

/// What a media dialect can do and what it demands, as data: the rest of a call asks here and never for a vendor.
package struct MediaCapabilities: Sendable, Equatable {
    /// Who says where in the stream caller audio belongs.
    package enum Positions: Sendable, Equatable {
        /// Every message has the peer's time of its first sample.
        case stamped
        /// Nobody: audio follows what came before.
        case counted
    }

    /// What one message of audio to the peer must hold, in milliseconds.
    package struct MessageRule: Sendable, Equatable {
        /// Every message holds a multiple of this; 0 takes any length.
        package var step = 0
        package var least = 0
        package var most = 1000

        package init(step: Int = 0, least: Int = 0, most: Int = 1000) {
            self.step = step
            self.least = least
            self.most = most
        }

        package static let any = MessageRule()
    }

    /// As in `/NAME/media`, `carriers.NAME` and the records of calls.
    package var name: String
    /// The WebSocket subprotocol that has to be agreed upon.
    package var subprotocol: String?
    /// Of the caller's audio, unless the stream's start says otherwise.
    package var receives = AudioFormat.telephone
    /// Of the agent's audio, unless the stream's start says otherwise.
    package var sends = AudioFormat.telephone
    package var positions = Positions.stamped
    /// Messages that may overtake one another wait for so many later ones; 0 where order is certain.
    package var reordering = 0
    package var message = MessageRule.any
    /// The least that has to wait at the peer for it to play without gaps, in milliseconds.
    package var leastLead = 0
    /// The most that may wait there, in milliseconds: what it plays at once, or does not give back, must not pile up; nil where it
    /// may be any.
    package var mostLead: Int?
    /// Whether it tells when what was sent before a mark has been played. Marks it still held at a clear may come back or
    /// not; ``PlayoutMark`` tells them apart.
    package var hasMarks = true
    /// Whether marks may stand within speech; else only behind its end.
    package var marksWithin = true
    /// Whether it drops at a clear what it has not played. Without, what was sent is heard.
    package var clears = true
    /// Whether it has to be sent silence where there is no speech.
    package var wantsSilence = false
    /// How messages are told apart where they come as one stream of bytes; nil on a WebSocket.
    package var framing: StreamFraming?
    /// Whether it asks what to do with the caller once the stream is closed, so that a call can be handed on.
    package var asksAfterwards = false
    /// Whether it takes keys to be sent down the line; without, they are sent as tones.
    package var sendsKeys = false
    /// Whether it closes the socket itself when it is told that the call is over.
    package var peerCloses = false
    /// Whether it takes captions and the agent's state, for people to read.
    package var takesCaptions = false

    package init(name: String) { self.name = name }

    /// The same for a stream whose agent speaks in this format.
    func adapted(to format: MediaFormat) -> Self {
        guard format == .opus else { return self }
        var result = self
        result.message.step = max(message.step, OpusPackets.milliseconds)
        result.message.least = max(message.least, OpusPackets.milliseconds)
        return result
    }
}

extension PlayoutQueue.Configuration {
    /// As the dialect needs it: a message keeps to its rule, and enough waits at the peer.
    package func adapted(to capabilities: MediaCapabilities) -> Self {
        var result = self
        let rule = capabilities.message
        result.hasMarks = capabilities.hasMarks
        result.clears = capabilities.clears
        if !capabilities.marksWithin { result.markInterval = .max }
        let most = capabilities.mostLead.map { $0 * 8 } ?? .max
        result.lead = min(max(lead, capabilities.leastLead * 8), most)
        result.longestLead = max(min(longestLead, most), result.lead)
        guard rule.step > 0 else { return result }
        result.step = rule.step * 8
        result.shortest = rule.least * 8
        result.leastChunk = max(min(leastChunk, rule.most * 8), result.shortest)
        result.mostChunk = max(min(mostChunk, rule.most * 8), result.shortest)
        result.mostChunk -= result.mostChunk % result.step
        // One message is on its way while another is played.
        result.lead = max(result.lead, result.shortest * 2)
        result.longestLead = max(result.longestLead, result.lead)
        return result
    }
}
