/// Where the time went between a caller's last voiced sample and the agent's first sample on the socket.
///
/// All parts in samples at 8 kHz (an eighth of a millisecond); they add up to ``total``.
package struct ResponseLatency: Sendable, Equatable, Codable {
    package var turn: Int
    /// Waiting to be sure that the caller had finished.
    package var endOfTurnWait: Int
    /// From the end of the turn to the final transcript.
    package var recognition: Int
    /// From the transcript to the first words of the reply: model, flow, tools.
    package var reply: Int
    /// From those words to their first audio.
    package var synthesis: Int
    /// Everything else: Parley's own handling.
    package var own: Int

    package var total: Int { endOfTurnWait + recognition + reply + synthesis + own }

    package init(turn: Int, endOfTurnWait: Int, recognition: Int, reply: Int, synthesis: Int, own: Int) {
        self.turn = turn
        self.endOfTurnWait = endOfTurnWait
        self.recognition = recognition
        self.reply = reply
        self.synthesis = synthesis
        self.own = own
    }

    /// Milliseconds of a part.
    package static func milliseconds(_ samples: Int) -> Double { Double(samples) / 8 }
}

/// The moments of one turn as they come in, in samples.
struct TurnClock: Sendable, Equatable {
    let turn: Int
    let lastVoiced: Int
    let finishRequested: Int
    let transcribed: Int
    var firstWords: Int?
    var firstAudio: Int?

    /// The parts, once the first sample is on the socket at `sent`.
    func latency(sent: Int) -> ResponseLatency {
        let words = firstWords ?? transcribed
        let audio = firstAudio ?? words
        var latency = ResponseLatency(
            turn: turn, endOfTurnWait: finishRequested - lastVoiced, recognition: transcribed - finishRequested,
            reply: words - transcribed, synthesis: audio - words, own: 0)
        latency.own = sent - lastVoiced - latency.total
        return latency
    }
}
