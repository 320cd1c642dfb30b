extension ParleyConfiguration {
    package struct Media: Sendable, Equatable {
        /// Media threads, 1 ... 64.
        package var loops = ProcessorCount.upTo(64)
        /// Whether media threads ask to be run before ordinary ones.
        package var isRealTime = true
        /// Beats of a media thread that are later than this let no new call in.
        package var latestBeat = Duration.milliseconds(30)
        /// How far ahead of the caller's ear audio is sent to the carrier.
        package var lead = Duration.milliseconds(120)
    }
}
