package import AudioCore

/// Counts the characters that an engine is asked to say, which voices are paid by. It goes between the engine and whatever
/// keeps phrases: what is kept is not asked for.
package struct CountingSynthesizer: SpeechSynthesizer {
    private let engine: any SpeechSynthesizer
    private let asked: @Sendable (_ characters: Int) -> Void

    package init(_ engine: any SpeechSynthesizer, asked: @escaping @Sendable (_ characters: Int) -> Void) {
        self.engine = engine
        self.asked = asked
    }

    package func makeSession(voice: String, format: AudioFormat) async throws(SpeechError) -> any SynthesisSession {
        CountingSession(try await engine.makeSession(voice: voice, format: format), asked: asked)
    }
}

private final class CountingSession: SynthesisSession {
    private let session: any SynthesisSession
    private let asked: @Sendable (Int) -> Void

    init(_ session: any SynthesisSession, asked: @escaping @Sendable (Int) -> Void) {
        self.session = session
        self.asked = asked
    }

    func synthesize(_ text: String) -> SynthesizedAudio {
        // Sounds beside words are no characters that are said.
        asked(InterlinearAnnotation.plain(text).unicodeScalars.count)
        return session.synthesize(text)
    }

    func keptAudio(of text: String) -> [UInt8]? { session.keptAudio(of: text) }
    func pace(of text: String) async -> SpokenPace? { await session.pace(of: text) }
    func beginReply() { session.beginReply() }
    func cutReply(heard samples: Int) { session.cutReply(heard: samples) }
    func close() { session.close() }
}
