extension ParleyConfiguration {
    package struct Media: Sendable, Equatable {
        /// Media threads, 1 ... 64.
        package var loops = ProcessorCount.upTo(64)
        /// How far ahead of the caller's ear audio is sent to the carrier.
        package var lead = Duration.milliseconds(120)
    }
}
