import AudioCore
import Networking
import Testing

@testable import Speech

@Suite("What a voice is asked to say is counted")
struct CountingSynthesizerTests {
    @Test("every character that is said, and no sounds beside it")
    func characters() async throws {
        let counted = Lock<[Int]>([])
        let engine = ScriptedSynthesizer(chunks: [[1]])
        let session = try await CountingSynthesizer(engine) { count in counted.withLock { $0.append(count) } }
            .makeSession(voice: "", format: .telephone)
        for text in ["Good day.", "Hi \(InterlinearAnnotation.mark("Siobhan", sounds: "ʃɪˈvɔːn"))."] {
            for try await _ in session.synthesize(text) {}
        }
        #expect(counted.withLock { $0 } == [9, 11])
        #expect(engine.texts.count == 2)
        session.close()
    }
}
