import AudioCore
import Networking

@testable import Speech

/// An engine that says the same chunks for every text, and remembers what it was asked.
final class ScriptedSynthesizer: SpeechSynthesizer {
    private let chunks: [[UInt8]]
    private let error: SpeechError?
    private let refusal: SpeechError?
    private let endsItself: Bool
    private let asked = Lock<[String]>([])
    private let cancellations = AsyncStream.makeStream(of: Void.self)
    private let closings = AsyncStream.makeStream(of: Void.self)

    /// - Parameters:
    ///   - error: follows the chunks in place of the end.
    ///   - refusal: nobody gets a session.
    ///   - endsItself: false leaves the audio open until it is cancelled.
    init(
        chunks: [[UInt8]], error: SpeechError? = nil, refusal: SpeechError? = nil, endsItself: Bool = true
    ) {
        self.chunks = chunks
        self.error = error
        self.refusal = refusal
        self.endsItself = endsItself
    }

    /// What was to be said, in order.
    var texts: [String] { asked.withLock { $0 } }

    /// Returns once an utterance was cancelled.
    func cancelled() async { for await _ in cancellations.stream { return } }

    /// Returns once a session was closed.
    func closed() async { for await _ in closings.stream { return } }

    func makeSession(voice: String, format: AudioFormat) async throws(SpeechError) -> any SynthesisSession {
        if let refusal { throw refusal }
        return Session(engine: self)
    }

    private final class Session: SynthesisSession {
        private let engine: ScriptedSynthesizer

        init(engine: ScriptedSynthesizer) { self.engine = engine }

        func synthesize(_ text: String) -> SynthesizedAudio {
            engine.asked.withLock { $0.append(text) }
            let (stream, continuation) = AsyncThrowingStream.makeStream(of: [UInt8].self)
            continuation.onTermination = { [engine] termination in
                if case .cancelled = termination { engine.cancellations.continuation.yield() }
            }
            for chunk in engine.chunks { continuation.yield(chunk) }
            if engine.endsItself { continuation.finish(throwing: engine.error) }
            return SynthesizedAudio(stream)
        }

        /// The whole text, at its last sample.
        func pace(of text: String) async -> SpokenPace? {
            guard engine.texts.contains(text) else { return nil }
            var pace = SpokenPace(of: text)
            pace.append(text, endingAt: engine.chunks.reduce(0) { $0 + $1.count })
            return pace
        }

        func close() { engine.closings.continuation.yield() }
    }
}

/// What a cache reported.
final class UseRecorder: Sendable {
    private let uses = Lock<[PhraseCache.Event]>([])

    var all: [PhraseCache.Event] { uses.withLock { $0 } }

    func add(_ use: PhraseCache.Event) { uses.withLock { $0.append(use) } }
}
