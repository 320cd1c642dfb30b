extension PlayoutQueue {
    /// How long messages are, how far they run ahead of the caller's ear, and what the carrier can do.
    package struct Configuration: Sendable, Equatable {
        /// The most samples that wait here to be sent. What does not fit is refused, see ``append(_:generation:)``.
        package var capacity = 8000 * 60
        /// The most samples that wait at the carrier, at first; see ``PlayoutQueue/lead``.
        package var lead = 1600
        /// The most that ``PlayoutQueue/lead`` may become.
        package var longestLead = 1600
        /// A message holds at least this many samples, unless the utterance or the carrier's queue runs out.
        package var leastChunk = 480
        /// A message holds at most this many samples.
        package var mostChunk = 1600
        /// The most samples between two marks.
        package var markInterval = 4000
        /// How long after its last sample an utterance counts as played although its mark did not come back.
        package var markPatience = 8000
        /// Samples over which speech fades where it is cut, and where it goes on: 10 ms, too short to be heard as a fade
        /// and long enough not to click.
        package var fade = 80
        /// A message holds a multiple of this many samples; silence fills up the last one of an utterance.
        package var step = 1
        /// No message holds less, not even the last one; 0 where none is too short.
        package var shortest = 0
        /// Whether the carrier echoes marks; without, only the clock tells what was played.
        package var hasMarks = true
        /// Whether the carrier drops what it holds when it is told to; without, the caller hears all that was sent.
        package var clears = true

        package init() {}

        /// No message is shorter.
        var leastMessage: Int { max(step, shortest) }

        /// Whether a message may be as short as what ends speech softly.
        var takesEndings: Bool { leastMessage <= UnderrunTail.length }

        /// What `count` samples lack to be a message.
        func missing(to count: Int) -> Int {
            guard count > 0 else { return 0 }
            let whole = (count + step - 1) / step * step
            return max(whole, shortest) - count
        }
    }
}
