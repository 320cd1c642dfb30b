import AudioCore

/// From the pieces of a body, cut anywhere, to audio in the leg's format: raw samples as the headers or the request say,
/// or WAV as its head says.
final class SpeechBodyReader {
    private let provider: String
    private let expected: AudioFormat
    private let format: AudioFormat
    /// Whether what does not begin like a WAV file is taken for samples.
    private let mayBeSamples: Bool
    private var head: [UInt8] = []
    private var conversion: AudioConversion?

    private static let riff = Array("RIFF".utf8)

    /// - Throws: ``SpeechError/Code/refused`` for a type that is no plain audio.
    init(contentType: String, dialect: any SpeechHTTPDialect, format: AudioFormat) throws(SpeechError) {
        provider = dialect.provider
        expected = dialect.expected(for: format)
        self.format = format
        mayBeSamples = dialect.asksForSamples
        switch SpeechContentType(contentType, expected: expected) {
        case .samples(let source):
            conversion = try AudioConversion(
                from: dialect.asksForSamples ? expected : source, to: format, provider: provider)
        case .wav: break
        case .other(let type):
            guard dialect.asksForSamples, type.hasPrefix("audio/"), !Self.compressed.contains(type) else {
                throw error("it sends \(type), which is no plain audio; ask for pcm or wav")
            }
            conversion = try AudioConversion(from: expected, to: format, provider: provider)
        }
    }

    /// Of a body that has no type of its own.
    init(unnamed dialect: any SpeechHTTPDialect, format: AudioFormat) {
        provider = dialect.provider
        expected = dialect.expected(for: format)
        self.format = format
        mayBeSamples = true
    }

    private static let compressed: Set<String> = [
        "audio/mpeg", "audio/mp3", "audio/ogg", "audio/opus", "audio/webm", "audio/aac", "audio/mp4", "audio/flac",
        "audio/amr", "audio/amr-wb", "audio/silk",
    ]

    /// What `bytes` add; may be empty.
    ///
    /// - Throws: ``SpeechError/Code/refused`` for what is no WAV, or in a format that cannot be converted.
    func take(_ bytes: [UInt8]) throws(SpeechError) -> [UInt8] {
        if let conversion { return conversion.take(bytes) }
        head += bytes
        let source: AudioFormat
        let offset: Int
        if mayBeSamples, !Self.riff.starts(with: head.prefix(4)) {
            (source, offset) = (expected, 0)
        } else {
            switch WAVHead(head) {
            case .incomplete: return []
            case .malformed(let why): throw error("its WAV is not one: \(why)")
            case .samples(let found, let at): (source, offset) = (found, at)
            }
        }
        let conversion = try AudioConversion(from: source, to: format, provider: provider)
        self.conversion = conversion
        defer { head = [] }
        return conversion.take(Array(head[offset...]))
    }

    /// What is left at the end of the body.
    func end() -> [UInt8] { conversion?.end() ?? [] }

    private func error(_ detail: String) -> SpeechError {
        SpeechError(.refused, operation: "synthesize", provider: provider, detail: detail)
    }
}
