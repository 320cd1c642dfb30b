/// Audio that was begun early, and how to have it made again.
struct RetriedAudio: Sendable {
    let first: SynthesizedAudio
    let again: @Sendable () async throws -> SynthesizedAudio
}

/// Steps through ``RetriedAudio``: once any of it was given, nothing is made again.
final class AudioRetry {
    private var iterator: SynthesizedAudio.AsyncIterator
    private var again: (@Sendable () async throws -> SynthesizedAudio)?

    init(_ audio: RetriedAudio) {
        iterator = audio.first.makeAsyncIterator()
        again = audio.again
    }

    func next(isolation actor: isolated (any Actor)?) async throws -> [UInt8]? {
        do {
            var current = iterator
            let chunk = try await current.next(isolation: actor)
            iterator = current
            again = nil
            return chunk
        } catch {
            guard let again, !Task.isCancelled else { throw error }
            self.again = nil
            var current = try await again().makeAsyncIterator()
            let chunk = try await current.next(isolation: actor)
            iterator = current
            return chunk
        }
    }
}
