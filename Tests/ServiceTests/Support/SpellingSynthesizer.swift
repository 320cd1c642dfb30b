import AudioCore
import Callers
import Speech

/// Speaks so that ``SpokenClip`` can be read again by whoever hears it: texts of up to 90 bytes.
struct SpellingSynthesizer: SpeechSynthesizer {
    func makeSession(voice: String, format: AudioFormat) async throws(SpeechError) -> any SynthesisSession { Session() }

    private final class Session: SynthesisSession {
        func synthesize(_ text: String) -> SynthesizedAudio {
            SynthesizedAudio(
                AsyncThrowingStream { stream in
                    stream.yield(SpokenClip.saying(String(text.prefix(90))).audio)
                    stream.finish()
                })
        }

        func close() {}
    }
}
