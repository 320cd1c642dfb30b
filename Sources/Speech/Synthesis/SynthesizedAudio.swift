/// The audio of one text, in chunks as they come. Iterated once.
///
/// Ending the iteration, or cancelling the task that iterates, cancels the synthesis.
package struct SynthesizedAudio: AsyncSequence, Sendable {
    package typealias Element = [UInt8]

    private enum Source: Sendable {
        case whole([UInt8])
        case stream(AsyncThrowingStream<[UInt8], any Error>)
        case phrase(CachedPhrase)
        indirect case retried(RetriedAudio)
        indirect case levelled(LevelledAudio)
    }

    private let source: Source

    /// Audio that exists already; it comes as one chunk, without a wait.
    package init(_ audio: [UInt8]) { source = .whole(audio) }

    /// Audio that an engine is making.
    package init(_ stream: AsyncThrowingStream<[UInt8], any Error>) { source = .stream(stream) }

    /// Audio that is kept once it is complete.
    init(_ phrase: CachedPhrase) { source = .phrase(phrase) }

    /// `first`, or if it fails before any audio, what `again` makes: for audio that was begun before anybody waited for it.
    package init(_ first: SynthesizedAudio, again: @escaping @Sendable () async throws -> SynthesizedAudio) {
        source = .retried(RetriedAudio(first: first, again: again))
    }

    /// Audio that is made as loud as that of other voices.
    init(_ audio: LevelledAudio) { source = .levelled(audio) }

    package func makeAsyncIterator() -> AsyncIterator {
        switch source {
        case .whole(let audio): AsyncIterator(source: .whole(audio.isEmpty ? nil : audio))
        case .stream(let stream): AsyncIterator(source: .stream(stream.makeAsyncIterator()))
        case .phrase(let phrase): AsyncIterator(source: .recording(PhraseRecording(phrase)))
        case .retried(let audio): AsyncIterator(source: .retrying(AudioRetry(audio)))
        case .levelled(let audio): AsyncIterator(source: .levelling(AudioLevelling(audio)))
        }
    }

    /// Steps on the iterating actor, so that a chunk costs no change of threads.
    package struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate enum Source {
            case whole([UInt8]?)
            case stream(AsyncThrowingStream<[UInt8], any Error>.Iterator)
            case recording(PhraseRecording)
            case retrying(AudioRetry)
            case levelling(AudioLevelling)
        }

        fileprivate var source: Source

        package mutating func next() async throws -> [UInt8]? { try await next(isolation: #isolation) }

        package mutating func next(isolation actor: isolated (any Actor)?) async throws -> [UInt8]? {
            switch source {
            case .whole(let audio):
                source = .whole(nil)
                return audio
            case .stream(var iterator):
                let chunk = try await iterator.next(isolation: actor)
                source = .stream(iterator)
                return chunk
            case .recording(let recording): return try await recording.next(isolation: actor)
            case .retrying(let retry): return try await retry.next(isolation: actor)
            case .levelling(let levelling): return try await levelling.next(isolation: actor)
            }
        }
    }
}
