extension ParleyConfiguration {
    package struct Media: Sendable, Equatable {
        /// Media threads, 1 ... 64.
        package var loops = ProcessorCount.upTo(64)
        /// Whether media threads ask to be run before ordinary ones.
        package var isRealTime = true
        /// While a media thread's beats are later than this on average, no new call is let in.
        package var lateBeat = Duration.milliseconds(20)
        /// How long a busy media thread lets messages gather.
        package var gather = Duration.zero
        /// How far ahead of the caller's ear audio is sent to the carrier.
        package var lead = Duration.milliseconds(120)
        /// How far it may become when the line is uneven.
        package var longestLead = Duration.milliseconds(200)
        /// `none`, `noise`, or a WAV file: what is heard behind the agent.
        package var ambience = "none"
        /// dB below full scale.
        package var ambienceLevel = 56
        /// `none`, `taps`, or a WAV file: what is heard while the agent thinks.
        package var thinkingSound = "none"
        /// What callers hear who hold the line for a person: `none`, `chimes`, or a WAV file.
        package var holdMusic = "chimes"
        /// From the end of the caller's turn on.
        package var thinkingAfter = Duration.milliseconds(1500)
    }
}
