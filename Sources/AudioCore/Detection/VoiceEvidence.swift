import Glibc

/// How one frame's bands speak for or against a voice.
///
/// The constants were fitted to the tuning part of `audio-fixtures` (clean, 20 and 10 dB; pink noise, street, babble).
struct VoiceEvidence {
    /// The logarithm of how much likelier the frame is under speech than under noise.
    let logLikelihoodRatio: Double
    /// How far the bands stand out of the noise, weighted, in dB.
    let signalToNoise: Double

    /// Low bands count more: that is where voices have their power and most noises on a line do not.
    private static let weights = SIMD8<Float>(0.209, 0.177, 0.149, 0.126, 0.107, 0.090, 0.077, 0.065)

    /// - Parameters:
    ///   - energy: of the frame, per band.
    ///   - noise: the background's, per band.
    ///   - frameSize: in samples.
    ///   - isSpeaking: whether a voice is being heard; then less is enough.
    init(energy: SIMD8<Float>, noise: SIMD8<Float>, frameSize: Int, isSpeaking: Bool) {
        let ratio = energy / noise
        var sum: Float = 0
        for band in 0..<8 {
            // A band far over the noise says no more than one 18 dB over it.
            sum += Self.weights[band] * min(max(10 * log10(max(ratio[band], 0.001)), -3), 18.5)
        }
        signalToNoise = Double(sum)
        // Fluctuating noise seldom reaches the threshold.
        var ratioLogarithm = (signalToNoise - (isSpeaking ? 3.0 : 4.7)) * 1.15
        // Callers are rarely below -46 dBFS, people behind them often are.
        let level = 10 * log10(Double(max(energy.sum() / Float(frameSize), 1))) - 90.3
        let gate = isSpeaking ? -49.0 : -46.0
        ratioLogarithm -= max(gate - level, 0) * 0.59
        // The bounds keep one frame from deciding.
        logLikelihoodRatio = min(max(ratioLogarithm, -1), 3.1)
    }
}
