import AudioCore

/// A text that the cache did not know, who can say it, and where it is kept then.
struct CachedPhrase: Sendable {
    let text: String
    let key: PhraseCache.Key
    let cache: PhraseCache
    /// Where it may be although the cache did not know it.
    let archive: PhraseArchive?
    /// The engine's own session, which may still be opening.
    let session: Task<any SynthesisSession, any Error>
    /// The texts whose latest audio that session has made.
    let made: RecentTexts
}

/// Passes an engine's audio on and keeps a copy, which goes into the cache if the audio came to its end.
///
/// A synthesis that failed or was cancelled leaves nothing behind: its last chunk was never followed by the end.
final class PhraseRecording {
    private let phrase: CachedPhrase
    private var iterator: SynthesizedAudio.AsyncIterator?
    private var audio: [UInt8] = []
    /// Longer than all the room there is; passed on, not kept.
    private var isTooLong = false
    private var isOver = false

    init(_ phrase: CachedPhrase) { self.phrase = phrase }

    func next(isolation actor: isolated (any Actor)?) async throws -> [UInt8]? {
        guard !isOver else { return nil }
        if iterator == nil, audio.isEmpty, let kept = await phrase.archive?.audio(for: phrase.key) {
            isOver = true
            phrase.cache.keep(kept, for: phrase.key)
            phrase.made.remove(phrase.text)
            return kept
        }
        var current: SynthesizedAudio.AsyncIterator
        if let iterator {
            current = iterator
        } else {
            current = try await phrase.session.value.synthesize(phrase.text).makeAsyncIterator()
            phrase.made.insert(phrase.text)
        }
        let chunk = try await current.next(isolation: actor)
        iterator = current
        if let chunk { keep(chunk) } else { finish() }
        return chunk
    }

    private func keep(_ chunk: [UInt8]) {
        guard !isTooLong else { return }
        isTooLong = audio.count + chunk.count > phrase.cache.capacity
        if isTooLong { audio = [] } else { audio += chunk }
    }

    private func finish() {
        isOver = true
        iterator = nil
        // A stream ends early, without an error, when its task is cancelled.
        guard !isTooLong, !audio.isEmpty, !Task.isCancelled else { return }
        phrase.cache.keep(audio, for: phrase.key)
        phrase.archive?.keep(audio, for: phrase.key)
    }
}
