import AudioCore
import Codecs
import Glibc
import Testing

@Suite("Audio clips")
struct AudioClipTests {
    /// A 500 Hz tone of a quarter of full scale, stored in `format`.
    private func tone(_ format: WAVFormat, frames: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        for frame in 0..<frames {
            let value = sin(2 * .pi * 500 * Double(frame) / Double(format.sampleRate)) / 4
            for _ in 0..<format.channels {
                let fixed = Int64(value * 2_147_483_648)
                switch format.encoding {
                case .linear8: bytes.append(UInt8(truncatingIfNeeded: (fixed >> 24) + 128))
                case .linear16: bytes += (2..<4).map { UInt8(truncatingIfNeeded: fixed >> (8 * $0)) }
                case .linear24: bytes += (1..<4).map { UInt8(truncatingIfNeeded: fixed >> (8 * $0)) }
                case .linear32: bytes += (0..<4).map { UInt8(truncatingIfNeeded: fixed >> (8 * $0)) }
                case .float32: bytes += (0..<4).map { UInt8(truncatingIfNeeded: Float(value).bitPattern >> (8 * $0)) }
                case .mulaw: bytes.append(MuLaw.encode(Int16(value * 32767)))
                case .alaw: bytes.append(ALaw.encode(Int16(value * 32767)))
                }
            }
        }
        return bytes
    }

    @Test(
        "Any format becomes 8 kHz mono with the same content",
        arguments: WAVFormat.Encoding.allCases, [(48000, 2), (8000, 1), (44100, 1), (16000, 2)])
    func anyFormat(encoding: WAVFormat.Encoding, shape: (Int, Int)) throws {
        let path = "/tmp/parley-clip-\(getpid())-\(encoding)-\(shape.0).wav"
        defer { unsafe unlink(path) }
        let format = WAVFormat(encoding: encoding, sampleRate: shape.0, channels: shape.1)
        var writer = try WAVWriter(path: path, format: format)
        try writer.write(bytes: tone(format, frames: shape.0 / 2).span)
        try writer.close()

        let clip = try AudioClip(wavFile: path)
        #expect(clip.samples.count == 4000)
        #expect(clip.note == nil)
        var signal = 0.0
        var noise = 0.0
        for index in 400..<3600 {
            let expected = 8192 * sin(2 * .pi * 500 * Double(index) / 8000)
            signal += pow(expected, 2)
            noise += pow(expected - Double(clip.samples[index]), 2)
        }
        #expect(10 * log10(signal / noise) > 25)
    }

    @Test("A file without samples, or too long a one, is refused")
    func refused() throws {
        let path = "/tmp/parley-clip-\(getpid())-empty.wav"
        defer { unsafe unlink(path) }
        var writer = try WAVWriter(path: path, format: WAVFormat(encoding: .linear16, sampleRate: 8000, channels: 1))
        try writer.close()
        #expect(throws: AudioError.self) { _ = try AudioClip(wavFile: path) }

        writer = try WAVWriter(path: path, format: WAVFormat(encoding: .linear16, sampleRate: 8000, channels: 1))
        try writer.write([Int16](repeating: 0, count: 24000).span)
        try writer.close()
        #expect(throws: AudioError.self) { _ = try AudioClip(wavFile: path, limit: .seconds(2)) }
        #expect(try AudioClip(wavFile: path, limit: .seconds(3)).samples.count == 24000)
    }
}
