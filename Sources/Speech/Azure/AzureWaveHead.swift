/// The WAV header before a turn's audio, which tells Azure how it is encoded; the sizes are unknown and 0.
enum AzureWaveHead {
    /// - Parameters:
    ///   - code: of the encoding, one byte a sample: 6 is A-law, 7 µ-law (RFC 2361).
    ///   - sampleRate: Hz.
    static func bytes(code: UInt16, sampleRate: Int) -> [UInt8] {
        var head = Array("RIFF".utf8)
        append(0, 4, to: &head)
        head += "WAVEfmt ".utf8
        // Code, channels, samples and bytes a second, bytes and bits a sample.
        for (value, size) in [(16, 4), (Int(code), 2), (1, 2), (sampleRate, 4), (sampleRate, 4), (1, 2), (8, 2)] {
            append(value, size, to: &head)
        }
        head += "data".utf8
        append(0, 4, to: &head)
        return head
    }

    private static func append(_ value: Int, _ size: Int, to head: inout [UInt8]) {
        for byte in 0..<size { head.append(UInt8(truncatingIfNeeded: value >> (8 * byte))) }
    }
}
