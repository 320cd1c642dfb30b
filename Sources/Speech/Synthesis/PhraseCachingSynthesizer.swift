package import AudioCore

/// A synthesizer that says again what it has said before, without asking its engine.
///
/// A session is there at once while the engine's own is still opening, so a greeting that is kept does not wait for a
/// vendor's connection. An engine that cannot be opened shows at the first sentence that is not kept.
package struct PhraseCachingSynthesizer: SpeechSynthesizer {
    private let engine: any SpeechSynthesizer
    private let cache: PhraseCache
    private let archive: PhraseArchive?
    private let name: String

    /// - Parameters:
    ///   - cache: of this engine alone, since two engines may have voices of the same name.
    ///   - archive: where phrases outlive the process; may be shared by engines of different names.
    ///   - name: the engine and all of its settings that change how it sounds.
    package init(
        _ engine: any SpeechSynthesizer, cache: PhraseCache, archive: PhraseArchive? = nil, name: String = ""
    ) {
        self.engine = engine
        self.cache = cache
        self.archive = archive
        self.name = name
    }

    package func makeSession(
        voice: String, format: AudioFormat
    ) async throws(SpeechError) -> any SynthesisSession {
        let engine = engine
        return PhraseCachingSession(
            name: name, voice: voice, format: format, cache: cache, archive: archive,
            opening: Task { try await engine.makeSession(voice: voice, format: format) })
    }
}

/// One call's use of the cache, and of the engine behind it.
final class PhraseCachingSession: SynthesisSession {
    private let name: String
    private let voice: String
    private let format: AudioFormat
    private let cache: PhraseCache
    private let archive: PhraseArchive?
    private let opening: Task<any SynthesisSession, any Error>
    /// The texts whose latest audio the engine of this session has made.
    private let made = RecentTexts()

    init(
        name: String, voice: String, format: AudioFormat, cache: PhraseCache, archive: PhraseArchive?,
        opening: Task<any SynthesisSession, any Error>
    ) {
        self.name = name
        self.archive = archive
        self.voice = voice
        self.format = format
        self.cache = cache
        self.opening = opening
    }

    func synthesize(_ text: String) -> SynthesizedAudio {
        let key = key(text)
        if let audio = cache.audio(for: key) {
            made.remove(text)
            return SynthesizedAudio(audio)
        }
        return SynthesizedAudio(
            CachedPhrase(text: text, key: key, cache: cache, archive: archive, session: opening, made: made))
    }

    func keptAudio(of text: String) -> [UInt8]? {
        guard let audio = cache.audio(for: key(text), isLast: false) else { return nil }
        made.remove(text)
        return audio
    }

    /// Of a phrase that was kept nothing is known: the engine's own session, which may still be opening, has not made its audio, or has
    /// made another take of it.
    func pace(of text: String) async -> SpokenPace? {
        guard made.contains(text) else { return nil }
        return try? await opening.value.pace(of: text)
    }

    private func key(_ text: String) -> PhraseCache.Key {
        PhraseCache.Key(engine: name, voice: voice, text: text, format: format)
    }

    func close() {
        // Whatever becomes of the opening, the session that comes out of it is not wanted any more.
        Task { [opening] in if case .success(let session) = await opening.result { session.close() } }
    }
}
