import AudioCore

/// One call's audio on its way to decoders: decoded from the line's encoding, with steady noise taken out.
///
/// Lives as long as the call, so that it knows the line's noise from one utterance to the next. Used by one thread at a
/// time.
final class CleanedAudio {
    private let decoding: SampleDecoding
    private let suppressor: NoiseSuppressor?
    /// Less than a frame, until the rest comes.
    private var pending: [Int16] = []

    /// - Parameter attenuation: see ``PocketSphinxConfiguration/noiseAttenuation``.
    init(decoding: SampleDecoding, attenuation: Int?) {
        self.decoding = decoding
        suppressor = attenuation.map { NoiseSuppressor(attenuation: $0) }
    }

    /// Forgets samples of a frame that was not completed: what follows does not join them.
    func restart() { pending.removeAll(keepingCapacity: true) }

    /// The samples that are ready, in whole frames; the rest follows with the next bytes.
    func take(_ bytes: ArraySlice<UInt8>) -> [Int16] {
        let samples = decoding(bytes)
        guard let suppressor else { return samples }
        pending += samples
        var cleaned = Array(pending.prefix(pending.count / NoiseSuppressor.frameSize * NoiseSuppressor.frameSize))
        pending.removeFirst(cleaned.count)
        suppressor.process(&cleaned)
        return cleaned
    }
}
