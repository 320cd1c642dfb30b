import AudioCore
import Speech

/// Hums: 60 ms for each word, so that a call is over soon. A text that begins with "Endless" hums for ten minutes.
struct HummingSynthesizer: SpeechSynthesizer {
    func makeSession(voice: String, format: AudioFormat) async throws(SpeechError) -> any SynthesisSession { Session() }

    private final class Session: SynthesisSession {
        func synthesize(_ text: String) -> SynthesizedAudio {
            let words = text.split(separator: " ").count
            let samples = text.hasPrefix("Endless") ? 600 * 8000 : words * 480
            return SynthesizedAudio(
                AsyncThrowingStream { stream in
                    for start in stride(from: 0, to: samples, by: 8000) {
                        stream.yield((start..<min(start + 8000, samples)).map { UInt8($0 % 40 < 20 ? 0x20 : 0xA0) })
                    }
                    stream.finish()
                })
        }

        func close() {}
    }
}
