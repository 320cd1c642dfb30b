import Glibc

/// Finds speech in 8 kHz audio: band energies against an adaptive noise floor, and a two-state chain over time.
///
/// State in, state out; a frame costs no allocation. Every frame yields the likelihood ratio of speech against noise;
/// the chain turns these into a probability that a single loud frame cannot carry over the threshold, so that clicks
/// pass and a voice is reported after two or three frames. Edges are dated back to where the voice began or ended.
package struct VoiceActivityDetector: Sendable {
    package struct Configuration: Sendable, Equatable {
        /// How long a voice must be gone before `.stopped`.
        package var hangover: Duration = .milliseconds(200)
        /// The probability at which speech has started, 0...1.
        package var onsetThreshold: Double = 0.78
        /// The probability below which speech may have stopped, 0...1.
        package var offsetThreshold: Double = 0.27
        /// In noise the end of a voice drowns before it is over: by how much, where the voice hardly stands out. An end is
        /// dated, and reported, so much later, in proportion; in a quiet line hardly.
        package var drownedEnd: Duration = .zero

        package init() {}

        /// A pause is reported soon: it only lets the recognizer prepare its result, and whether the turn is over is decided
        /// by others.
        package static var forTurns: Self {
            var configuration = Self()
            configuration.hangover = .milliseconds(140)
            // Of the tuning recordings at 10 dB a pause of 520 ms is seen within 33 of 132 sentences without it, with it in 2.
            configuration.drownedEnd = .milliseconds(250)
            return configuration
        }
    }

    /// Hz.
    package static let sampleRate = 8000
    /// 20 ms in samples.
    package static let frameSize = 160

    private let configuration: Configuration
    /// In samples.
    private let hangover: Int
    private let drownedEnd: Int
    private var filter = BandFilter(sampleRate: sampleRate)
    private var noise = NoiseFloor(frameSize: frameSize)
    private var probability = 0.0
    private var isSpeaking = false
    /// Where the present run of frames that look like speech began.
    private var candidateStart: Int?
    private var lastVoiceEnd = 0
    /// How far the voice stands out of the noise, in dB: quick to rise, slow to fall.
    private var prominence = 0.0
    private var position = 0

    package init(_ configuration: Configuration = Configuration()) {
        self.configuration = configuration
        hangover = max(Self.samples(configuration.hangover), Self.frameSize)
        drownedEnd = Self.samples(configuration.drownedEnd)
    }

    /// Takes the next frame of the stream.
    ///
    /// - Parameter frame: ``frameSize`` samples at ``sampleRate``.
    package mutating func process(_ frame: Span<Int16>) -> VoiceActivity {
        precondition(frame.count == Self.frameSize, "the detector takes frames of 20 ms")
        let start = position
        position += frame.count

        let energy = filter.energies(of: frame)
        noise.update(energy)
        let evidence = VoiceEvidence(
            energy: energy, noise: noise.level, frameSize: Self.frameSize, isSpeaking: isSpeaking)
        advance(evidence.logLikelihoodRatio)
        if evidence.logLikelihoodRatio > 0 {
            if candidateStart == nil { candidateStart = start }
            lastVoiceEnd = position
            let step = evidence.signalToNoise - prominence
            prominence += (step > 0 ? 0.3 : 0.02) * step
        } else if probability < 0.1, !isSpeaking {
            candidateStart = nil
        }
        let transition = updateState(start)
        return VoiceActivity(
            probability: probability, isSpeaking: isSpeaking, transition: transition, position: position,
            signalToNoise: evidence.signalToNoise)
    }

    /// One step of the two-state chain: what the states before say, then what the frame says.
    private mutating func advance(_ logLikelihoodRatio: Double) {
        let prior = probability * 0.978 + (1 - probability) * 0.028
        let odds = prior / (1 - prior) * exp(logLikelihoodRatio)
        probability = min(max(odds / (1 + odds), 0.001), 0.999)
    }

    private mutating func updateState(_ start: Int) -> VoiceActivity.Transition? {
        if !isSpeaking {
            guard probability >= configuration.onsetThreshold else { return nil }
            isSpeaking = true
            return .started(at: candidateStart ?? start)
        }
        let drowned = Int(Double(drownedEnd) * doubt)
        guard probability < configuration.offsetThreshold, position - lastVoiceEnd >= hangover + drowned
        else { return nil }
        isSpeaking = false
        candidateStart = nil
        return .stopped(at: lastVoiceEnd + drowned)
    }

    /// Whether the voice's weaker sounds are lost in the noise, 0...1: callers in a quiet line stand out by 15 to 18, at 10 dB by
    /// 9 to 14.
    private var doubt: Double { min(max((18 - prominence) / 10, 0), 1) }

    private static func samples(_ duration: Duration) -> Int { Int(duration / .microseconds(125)) }
}
