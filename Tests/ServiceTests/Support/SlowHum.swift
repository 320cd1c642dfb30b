import AudioCore
import Speech

/// Hums as slowly as people speak, 300 ms for each word, so that there is time to talk over it.
struct SlowHum: SpeechSynthesizer {
    func makeSession(voice: String, format: AudioFormat) async throws(SpeechError) -> any SynthesisSession { Session() }

    private final class Session: SynthesisSession {
        func synthesize(_ text: String) -> SynthesizedAudio {
            let samples = text.split(separator: " ").count * 2400
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
