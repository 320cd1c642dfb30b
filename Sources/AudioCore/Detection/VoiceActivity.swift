/// What the detector makes of one frame.
package struct VoiceActivity: Sendable, Equatable {
    package enum Transition: Sendable, Equatable {
        /// Speech began at this sample of the stream, which lies before the frame that proved it.
        case started(at: Int)
        /// Speech ended before this sample of the stream, which lies before the frame that proved it.
        case stopped(at: Int)
    }

    /// That the frame holds speech, given all before it, 0...1.
    package var probability: Double
    /// Between a start and its stop, the hangover included.
    package var isSpeaking: Bool
    /// The edge that this frame proved.
    package var transition: Transition?
    /// Samples of the stream up to the end of this frame.
    package var position: Int
    /// How far the frame stands out of the noise, in dB; nil where the detector does not measure it.
    package var signalToNoise: Double?

    package init(
        probability: Double, isSpeaking: Bool, transition: Transition?, position: Int, signalToNoise: Double?
    ) {
        self.probability = probability
        self.isSpeaking = isSpeaking
        self.transition = transition
        self.position = position
        self.signalToNoise = signalToNoise
    }
}
