import AudioCore
import Codecs
import Testing

@testable import Speech

@Suite("Cleaned audio")
struct CleanedAudioTests {
    /// Half a second of something like noise, µ-law.
    private let bytes = (0..<4000).map { UInt8(truncatingIfNeeded: $0 &* $0 &* 31 &+ $0 >> 3) }

    private func audio(attenuation: Int? = 15) -> CleanedAudio {
        CleanedAudio(decoding: .mulaw, attenuation: attenuation)
    }

    @Test("comes in whole frames, the same however the bytes arrive", arguments: [1, 37, 80, 160, 999])
    func frames(piece: Int) {
        let whole = audio().take(bytes[...])
        #expect(whole.count == 4000)
        let audio = audio()
        var pieces: [Int16] = []
        for start in stride(from: 0, to: bytes.count, by: piece) {
            let cleaned = audio.take(bytes[start..<min(start + piece, bytes.count)])
            #expect(cleaned.count % NoiseSuppressor.frameSize == 0)
            pieces += cleaned
        }
        #expect(pieces == whole)
    }

    @Test("a restart forgets the frame that was not completed")
    func restart() {
        let audio = audio()
        #expect(audio.take(bytes[..<50]).isEmpty)
        #expect(audio.take(bytes[50..<100]).count == 80)
        audio.restart()
        // The 20 samples left over would complete this frame.
        #expect(audio.take(bytes[100..<160]).isEmpty)
        #expect(audio.take(bytes[160..<180]).count == 80)
    }

    @Test("without suppression the samples are those of the line, at once")
    func untouched() {
        let audio = audio(attenuation: nil)
        #expect(audio.take(bytes[..<50]) == bytes[..<50].map(MuLaw.decode))
        audio.restart()
        #expect(audio.take(bytes[50..<51]) == [MuLaw.decode(bytes[50])])
    }

    @Test(
        "G.711 at 8 kHz is heard, nothing else",
        arguments: [
            (AudioFormat(encoding: .mulaw, sampleRate: 8000), true),
            (AudioFormat(encoding: .alaw, sampleRate: 8000), true),
            (AudioFormat(encoding: .mulaw, sampleRate: 16000), false),
            (AudioFormat(encoding: .linear16, sampleRate: 8000), false),
        ])
    func formats(format: AudioFormat, isHeard: Bool) {
        #expect((SampleDecoding(format) != nil) == isHeard)
    }
}
