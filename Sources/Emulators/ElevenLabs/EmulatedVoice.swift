import Codecs
import Foundation

/// Audio in one output format, encoded once and for all calls.
struct EmulatedVoice: Sendable {
    /// Of raw audio.
    let bytesPerSecond: Int
    /// Bytes of audio in a full message; a multiple of 3, so that a shorter message is a prefix of the same base64.
    let chunkBytes: Int
    /// Base64 of successive full messages; after the last comes the first.
    private let chunks: [[UInt8]]

    /// - Returns: nil for a format the emulator does not speak.
    init?(outputFormat: String, chunkDuration: Duration) {
        guard let (audio, bytesPerSecond) = Self.audio[outputFormat] else { return nil }
        self.bytesPerSecond = bytesPerSecond
        // Whole samples of any format, and whole groups of base64.
        let chunkBytes = max(Int(chunkDuration / .seconds(1) * Double(bytesPerSecond)) / 6 * 6, 6)
        self.chunkBytes = chunkBytes
        let count = max(audio.count / chunkBytes, 1)
        chunks = (0..<count).map { index in
            let bytes = (0..<chunkBytes).map { audio[(index * chunkBytes + $0) % audio.count] }
            return Array(Data(bytes).base64EncodedData())
        }
    }

    static let outputFormats = Array(audio.keys)

    /// Eight syllables, so that the audio repeats without a click; computed once.
    private static let audio: [String: (bytes: [UInt8], bytesPerSecond: Int)] = {
        let duration = Duration.milliseconds(1920)
        let narrow = SpeechLikeTone.samples(duration, sampleRate: 8000)
        let wide = SpeechLikeTone.samples(duration, sampleRate: 16_000)
        let bytes = { (samples: [Int16]) in
            samples.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
        }
        return [
            "ulaw_8000": (narrow.map(MuLaw.encode), 8000), "alaw_8000": (narrow.map(ALaw.encode), 8000),
            "pcm_8000": (bytes(narrow), 16_000), "pcm_16000": (bytes(wide), 32_000),
        ]
    }()

    /// Base64 of the first `bytes` bytes of message number `index`.
    ///
    /// - Parameter bytes: a multiple of 6, at most ``chunkBytes``.
    func base64(_ index: Int, bytes: Int) -> ArraySlice<UInt8> {
        chunks[index % chunks.count].prefix(bytes / 3 * 4)
    }
}
