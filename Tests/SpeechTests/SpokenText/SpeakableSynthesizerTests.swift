import AudioCore
import Testing

@testable import Speech

@Suite("Every voice is given texts as they are said")
struct SpeakableSynthesizerTests {
    @Test("the engine, and what keeps its phrases, see the spoken form only")
    func spoken() async throws {
        let engine = ScriptedSynthesizer(chunks: [[1]])
        let cached = PhraseCachingSynthesizer(engine, cache: PhraseCache(capacity: 100))
        let session = try await SpeakableSynthesizer(
            cached, locale: .english, pronunciations: ["Lakeside": "lake side"]
        )
        .makeSession(voice: "", format: .telephone)
        for text in ["Lakeside, at 10:30.", "lake side, at ten thirty."] {
            for try await _ in session.synthesize(text) {}
        }
        #expect(engine.texts == ["lake side, at ten thirty."])
        #expect(session.keptAudio(of: "Lakeside, at **10:30**.") == [1])
        session.close()
    }
}
