import AudioCore
import Codecs
import Synchronization

/// One sentence to be read, and the stream that waits for it.
final class FliteJob: Sendable {
    /// What a session's sentences have in common.
    struct Settings: Sendable {
        let voice: FliteVoice
        let format: AudioFormat
        let speakingRate: Double
        /// Samples at the format's rate.
        let chunkSamples: Int

        init(voice: FliteVoice, format: AudioFormat, configuration: FliteConfiguration) {
            self.voice = voice
            self.format = format
            speakingRate = configuration.speakingRate
            chunkSamples = Int(configuration.chunkDuration / .seconds(1) * Double(format.sampleRate))
        }
    }

    private let text: String
    private let settings: Settings
    private let continuation: AsyncThrowingStream<[UInt8], any Error>.Continuation
    private let cancelled = Atomic<Bool>(false)

    init(
        text: String, settings: Settings, continuation: AsyncThrowingStream<[UInt8], any Error>.Continuation
    ) {
        self.text = text
        self.settings = settings
        self.continuation = continuation
    }

    var isCancelled: Bool { cancelled.load(ordering: .relaxed) }

    func cancel() { cancelled.store(true, ordering: .relaxed) }

    func refuse(_ code: SpeechError.Code) {
        let detail = code == .overloaded ? "too many sentences are waiting" : "the synthesizer or session is closed"
        continuation.finish(
            throwing: SpeechError(code, operation: "synthesize", provider: "flite", detail: detail))
    }

    /// Reads the sentence on the engine's thread.
    func run(with engine: FliteEngine) {
        guard !isCancelled else { return }
        do {
            let output = FliteOutput(settings: settings, continuation: continuation)
            try output.open()
            for piece in SpokenText.pieces(of: SpokenText.make(from: text)) where !isCancelled {
                let isComplete = engine.speak(
                    piece, voice: settings.voice, rate: settings.speakingRate,
                    minimumPiece: FliteEngine.sampleRate / 50
                ) { [self] samples in
                    guard !isCancelled else { return false }
                    output.take(samples)
                    return true
                }
                guard isComplete || isCancelled else {
                    throw SpeechError(
                        .unavailable, operation: "utt_synth", provider: "flite", detail: "\(piece) could not be read")
                }
            }
            output.end()
            continuation.finish()
        } catch {
            continuation.finish(throwing: error)
        }
    }
}
