import Speech

/// A sentence that is being synthesised before it is certain that it will be said.
///
/// Its audio waits until it is taken, or is let go with ``cancel()``. Bounded by the length of one sentence.
final class PreparedSpeech: Sendable {
    let text: String
    /// Iterated once.
    let audio: SynthesizedAudio
    private let task: Task<Void, Never>

    init(text: String, voice: Task<any SynthesisSession, any Error>) {
        self.text = text
        let (stream, continuation) = AsyncThrowingStream.makeStream(of: [UInt8].self)
        audio = SynthesizedAudio(stream)
        task = Task {
            do {
                for try await chunk in try await voice.value.synthesize(text) { continuation.yield(chunk) }
                continuation.finish()
            } catch {
                continuation.finish(throwing: error)
            }
        }
        let synthesis = task
        continuation.onTermination = { reason in
            if case .cancelled = reason { synthesis.cancel() }
        }
    }

    func cancel() { task.cancel() }
}
