import Codecs

/// Audio of a voice that is to be as loud as all others.
struct LevelledAudio: Sendable {
    let audio: SynthesizedAudio
    let loudness: VoiceLoudness
}

/// Steps through ``LevelledAudio``. A sentence has one gain from its beginning to its end.
final class AudioLevelling {
    private var iterator: SynthesizedAudio.AsyncIterator
    private let loudness: VoiceLoudness
    /// Nil leaves the audio as it is.
    private let gain: MuLawGain?

    init(_ levelled: LevelledAudio) {
        iterator = levelled.audio.makeAsyncIterator()
        loudness = levelled.loudness
        let decibels = loudness.gain
        gain = decibels == 0 ? nil : MuLawGain(decibels: decibels)
    }

    func next(isolation actor: isolated (any Actor)?) async throws -> [UInt8]? {
        var current = iterator
        let chunk = try await current.next(isolation: actor)
        iterator = current
        guard var chunk else { return nil }
        loudness.hear(chunk)
        gain?.apply(to: &chunk)
        return chunk
    }
}
