extension ParleyConfiguration {
    package struct Media: Sendable, Equatable {
        /// Media threads, 1 ... 64.
        package var loops = ProcessorCount.upTo(64)
        /// Whether media threads ask to be run before ordinary ones.
        package var isRealTime = true
        /// While a media thread's beats are later than this on average, no new call is let in.
        package var lateBeat = Duration.milliseconds(20)
        /// How far ahead of the caller's ear audio is sent to the carrier.
        package var lead = Duration.milliseconds(120)
    }
}
