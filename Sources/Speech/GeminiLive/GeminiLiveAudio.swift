import AudioCore
import Codecs

/// The call's 8 kHz µ-law as the vendor wants it, and back.
final class GeminiLiveAudio: @unchecked Sendable {
    // @unchecked: belongs to one call's dialect, which is used on the call's loop only.
    private var ears: ResamplerBox?
    private var samples: [Int16] = []
    private var voice: (rate: Int, conversion: AudioConversion)?

    /// What `audio` adds: 16 kHz, 16 bits; may be empty.
    func hear(_ audio: Span<UInt8>) -> [UInt8] {
        // Both rates are right: it can only lack memory, and then there is no sound.
        if ears == nil { ears = try? ResamplerBox(from: 8000, to: 16_000) }
        var input: [Int16] = []
        input.reserveCapacity(audio.count)
        for index in audio.indices { input.append(MuLaw.decode(audio[index])) }
        ears?.value.process(input.span, appendingTo: &samples)
        return flushed()
    }

    /// What is left of an utterance.
    func endHearing() -> [UInt8] {
        ears?.value.flush(appendingTo: &samples)
        return flushed()
    }

    private func flushed() -> [UInt8] {
        defer { samples.removeAll(keepingCapacity: true) }
        return samples.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
    }

    /// What a piece of the model's voice adds.
    ///
    /// - Parameter type: `audio/pcm;rate=24000`.
    /// - Throws: for a type that is none of that kind.
    func speak(_ audio: [UInt8], type: String) throws -> [UInt8] {
        let rate = try Self.rate(of: type)
        if let voice, voice.rate == rate { return voice.conversion.take(audio) }
        let conversion = try AudioConversion(
            from: AudioFormat(encoding: .linear16, sampleRate: rate), to: .telephone,
            provider: GeminiLiveConfiguration.provider)
        voice = (rate, conversion)
        return conversion.take(audio)
    }

    /// What is left of an answer's voice.
    func endSpeaking() -> [UInt8] {
        defer { voice = nil }
        return voice?.conversion.end() ?? []
    }

    func forget() {
        ears = nil
        voice = nil
        samples = []
    }

    private struct Unreadable: Error {}

    private static func rate(of type: String) throws -> Int {
        let parts = type.split(separator: ";").map { $0.filter { !$0.isWhitespace }.lowercased() }
        guard parts.first == "audio/pcm" else { throw Unreadable() }
        guard let rate = parts.dropFirst().first(where: { $0.hasPrefix("rate=") }) else { return 24_000 }
        guard let value = Int(rate.dropFirst(5)), (8000...48_000).contains(value) else { throw Unreadable() }
        return value
    }
}
