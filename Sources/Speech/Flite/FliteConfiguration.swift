/// How the embedded synthesizer is set up.
package struct FliteConfiguration: Sendable {
    /// Used when a session names no voice.
    package var defaultVoice = FliteVoice.slt
    /// Words a minute relative to the voice's own, 0.5...2.
    package var speakingRate = 1.0
    /// Threads, 1...64. A sentence takes about a hundredth of its duration.
    package var workerCount = 2
    /// Sentences that may wait for a thread, 0...10,000; more are refused.
    package var queueLimit = 64
    /// Audio in a chunk after the first, 20...100 ms. The first is 20 ms, so that speech begins at once.
    package var chunkDuration: Duration = .milliseconds(60)

    package init() {}
}

/// The voices linked in; all speak US English, `awb` with a Scottish accent.
package enum FliteVoice: String, Sendable, CaseIterable {
    case slt, rms, awb
}
