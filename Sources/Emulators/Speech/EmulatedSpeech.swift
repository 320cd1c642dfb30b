import Codecs

/// The audio that an emulated voice makes of a text.
enum EmulatedSpeech {
    enum Encoding {
        case linear16, mulaw, alaw

        var bytesPerSample: Int { self == .linear16 ? 2 : 1 }
    }

    /// Speech-like sound as long as the text, in pieces.
    static func chunks(
        _ text: String, _ encoding: Encoding, sampleRate: Int, characterDuration: Duration, chunkDuration: Duration
    ) -> [[UInt8]] {
        let samples = SpeechLikeTone.samples(characterDuration * max(text.count, 1), sampleRate: sampleRate)
        let bytes: [UInt8] =
            switch encoding {
            case .linear16: samples.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
            case .mulaw: samples.map(MuLaw.encode)
            case .alaw: samples.map(ALaw.encode)
            }
        let seconds = chunkDuration / .seconds(1)
        let size = max(Int(seconds * Double(sampleRate * encoding.bytesPerSample)), 2)
        return stride(from: 0, to: bytes.count, by: size).map { Array(bytes[$0..<min($0 + size, bytes.count)]) }
    }

    /// A head for so many bytes of samples; nil for a stream whose length nobody knows.
    ///
    /// - Parameter code: of the samples: 1 for linear, 6 and 7 for A-law and µ-law.
    static func wavHead(sampleRate: Int, byteCount: Int?, code: Int = 1, bytesPerSample: Int = 2) -> [UInt8] {
        var head: [UInt8] = []
        func add(_ value: Int, _ size: Int) {
            for shift in 0..<size { head.append(UInt8(truncatingIfNeeded: value >> (8 * shift))) }
        }
        head += "RIFF".utf8
        add(byteCount.map { $0 + 36 } ?? 0xFFFF_FFFF, 4)
        head += "WAVEfmt ".utf8
        for (value, size) in [
            (16, 4), (code, 2), (1, 2), (sampleRate, 4), (sampleRate * bytesPerSample, 4), (bytesPerSample, 2),
            (bytesPerSample * 8, 2),
        ] { add(value, size) }
        head += "data".utf8
        add(byteCount ?? 0xFFFF_FFFF, 4)
        return head
    }
}
