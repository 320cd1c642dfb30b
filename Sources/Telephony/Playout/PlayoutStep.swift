/// What a playout queue wants done.
package enum PlayoutStep: Sendable, Equatable {
    /// Send the audio that the buffer now holds.
    case audio
    /// Send the audio that the buffer now holds. It is none of the utterance's: the utterance may be about to run dry, and ends
    /// softly until there is more of it.
    case tail
    /// Send this mark.
    case mark(PlayoutMark)
    /// Nothing to do, but the carrier ran out of audio within an utterance.
    case underrun
    /// The utterance was played to its end: its last mark came back, or is overdue.
    case finished(PlayoutReport)
}

/// How far one utterance came. All in samples; heard ≤ sent ≤ appended.
package struct PlayoutReport: Sendable, Equatable {
    package var generation: UInt32
    /// Given to the queue.
    package var appended: Int
    /// Given to the carrier.
    package var sent: Int
    /// Believed to be played to the caller, by the clock and by the marks.
    package var heard: Int

    package init(generation: UInt32, appended: Int, sent: Int, heard: Int) {
        self.generation = generation
        self.appended = appended
        self.sent = sent
        self.heard = heard
    }
}
