package import AudioCore
import Synchronization

/// Finds speech in 8 kHz audio with the Silero model, for one call.
///
/// The model hears chunks of 32 ms, so that a frame's probability is that of the last whole chunk. Edges are dated back
/// to the chunk in which the voice began or ended. Belongs to its loop's thread; a frame costs no allocation.
package final class SileroDetector {
    package struct Configuration: Sendable, Equatable {
        /// How long a voice must be gone before `.stopped`; counted in chunks of 32 ms.
        package var hangover: Duration = .milliseconds(200)
        /// The probability at which speech has started, 0...1.
        package var onsetThreshold: Float = 0.6
        /// The probability below which a chunk of speech counts as silence, 0...1. Above the onset's, because the model lets
        /// go of a voice slowly: in noise it would take half a second to fall under what its authors advise.
        package var offsetThreshold: Float = 0.7

        package init() {}
    }

    /// What the model made of the last chunk.
    enum Result {
        /// It has been read, or its chunk is still waiting.
        case none
        case probability(Float)
        case failed
    }

    /// Hz.
    package static let sampleRate = 8000
    /// 20 ms in samples.
    package static let frameSize = 160
    /// What the model takes at a time, 32 ms in samples.
    static let chunkSize = 256
    /// Samples of the chunk before that the model hears again.
    static let contextSize = 32
    /// Chunks from this probability on may be the beginning of what the next ones prove to be speech.
    private static let candidateThreshold: Float = 0.35
    /// How long the probability outlasts a voice: two chunks, on the tuning part of `audio-fixtures`.
    private static let lag = 2 * chunkSize

    /// The end of the chunk before, then the chunk that is being filled, -1...1.
    private(set) var samples = [Float](repeating: 0, count: SileroBatch.inputSize)
    /// The model's memory of this call.
    var state = [Float](repeating: 0, count: SileroBatch.stateSize)
    var result = Result.none

    private let configuration: Configuration
    private let batch: SileroBatch
    private let hangover: Int
    private var filled = SileroDetector.contextSize
    /// Samples given.
    private var position = 0
    /// Samples up to the end of the last chunk that was decided upon.
    private var decided = 0
    private var probability: Float = 0
    private var isSpeaking = false
    /// Where the present run of chunks that may be speech began.
    private var candidateStart: Int?
    private var voiceStart = 0
    private var lastVoiceEnd = 0

    package init(_ configuration: Configuration = Configuration(), batch: SileroBatch) {
        self.configuration = configuration
        self.batch = batch
        let chunks = configuration.hangover / .seconds(1) * Double(Self.sampleRate) / Double(Self.chunkSize)
        hangover = max(Int(chunks.rounded()), 1) * Self.chunkSize
        batch.callCount.wrappingAdd(1, ordering: .relaxed)
    }

    deinit { batch.callCount.wrappingSubtract(1, ordering: .relaxed) }

    /// Whether the model could not be run; from then on it hears nothing.
    package private(set) var hasFailed = false

    /// Takes the next frame of the stream.
    ///
    /// - Parameter frame: ``frameSize`` samples at ``sampleRate``.
    package func process(_ frame: Span<Int16>) -> VoiceActivity {
        precondition(frame.count == Self.frameSize, "the detector takes frames of 20 ms")
        position += frame.count
        // What is still waiting must be heard before the chunk after it.
        if position - decided >= 2 * Self.chunkSize { batch.run() }
        var transition = takeResult()
        var index = 0
        while index < frame.count {
            let count = min(frame.count - index, SileroBatch.inputSize - filled)
            Self.copy(frame.extracting(index..<index + count), into: &samples, at: filled)
            index += count
            filled += count
            guard filled == SileroBatch.inputSize else { break }
            batch.submit(self)
            Self.keepContext(&samples)
            filled = Self.contextSize
            // A frame has room for one edge; the next one waits for the next frame.
            if transition == nil { transition = takeResult() }
        }
        return activity(transition)
    }

    /// What the chunk that waited proved, if it did: to be asked at the loop's beat, after all its calls' frames.
    package func poll() -> VoiceActivity? {
        batch.run()
        return takeResult().map(activity)
    }

    private static func copy(_ frame: Span<Int16>, into samples: inout [Float], at start: Int) {
        for index in frame.indices { samples[start + index] = Float(frame[index]) * (1 / 32768) }
    }

    private static func keepContext(_ samples: inout [Float]) {
        for index in 0..<contextSize { samples[index] = samples[chunkSize + index] }
    }

    private func activity(_ transition: VoiceActivity.Transition?) -> VoiceActivity {
        VoiceActivity(
            probability: Double(probability), isSpeaking: isSpeaking, transition: transition, position: position,
            signalToNoise: nil)
    }

    private func takeResult() -> VoiceActivity.Transition? {
        defer { result = .none }
        switch result {
        case .none: return nil
        case .probability(let value): return decide(value)
        case .failed:
            hasFailed = true
            guard isSpeaking else { return nil }
            // Nobody would ever say that this voice has stopped.
            isSpeaking = false
            return .stopped(at: position)
        }
    }

    private func decide(_ value: Float) -> VoiceActivity.Transition? {
        let start = decided
        decided += Self.chunkSize
        probability = value
        return isSpeaking ? decideStop(value) : decideStart(value, start)
    }

    private func decideStart(_ value: Float, _ start: Int) -> VoiceActivity.Transition? {
        guard value >= Self.candidateThreshold else {
            candidateStart = nil
            return nil
        }
        let first = candidateStart ?? start
        candidateStart = first
        guard value >= configuration.onsetThreshold else { return nil }
        isSpeaking = true
        voiceStart = first
        lastVoiceEnd = decided
        return .started(at: first)
    }

    private func decideStop(_ value: Float) -> VoiceActivity.Transition? {
        if value >= configuration.offsetThreshold {
            lastVoiceEnd = decided
            return nil
        }
        guard decided - lastVoiceEnd >= hangover else { return nil }
        isSpeaking = false
        candidateStart = nil
        return .stopped(at: max(lastVoiceEnd - Self.lag, voiceStart))
    }
}
