extension CallDesk {
    /// Why a call is not taken.
    package enum Refusal: String, Sendable, CaseIterable {
        /// Every line is taken or promised.
        case full
        /// The media threads are behind: one call more and all would go badly.
        case late
        /// The service is stopping.
        case stopping
        /// The call has been taken already: its webhook was sent again.
        case repeated
        /// A person has stopped the agent.
        case stopped

        /// Whether there may be a line later.
        var passes: Bool { self == .full || self == .late }
    }
}
