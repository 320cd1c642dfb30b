package import AudioCore
import Codecs

/// A synthesizer whose voices are all as loud: another voice, or another vendor's when one fails, does not make the caller
/// reach for the volume.
///
/// It goes around whatever keeps phrases, so that those are kept as the engine made them.
package struct LevellingSynthesizer: SpeechSynthesizer {
    private let engine: any SpeechSynthesizer
    private let levels: VoiceLevels

    /// - Parameter levels: of this engine alone, since two engines may have voices of the same name.
    package init(_ engine: any SpeechSynthesizer, levels: VoiceLevels) {
        self.engine = engine
        self.levels = levels
    }

    package func makeSession(
        voice: String, format: AudioFormat
    ) async throws(SpeechError) -> any SynthesisSession {
        let session = try await engine.makeSession(voice: voice, format: format)
        guard format == .telephone, let loudness = levels.loudness(of: voice) else { return session }
        return LevellingSession(session, loudness: loudness)
    }
}

/// One call's use of a voice.
final class LevellingSession: SynthesisSession {
    private let session: any SynthesisSession
    private let loudness: VoiceLoudness

    init(_ session: any SynthesisSession, loudness: VoiceLoudness) {
        self.session = session
        self.loudness = loudness
    }

    func synthesize(_ text: String) -> SynthesizedAudio {
        SynthesizedAudio(LevelledAudio(audio: session.synthesize(text), loudness: loudness))
    }

    func keptAudio(of text: String) -> [UInt8]? {
        guard var audio = session.keptAudio(of: text) else { return nil }
        let gain = loudness.gain
        if gain != 0 { MuLawGain(decibels: gain).apply(to: &audio) }
        return audio
    }

    func pace(of text: String) async -> SpokenPace? { await session.pace(of: text) }

    func close() { session.close() }
}
