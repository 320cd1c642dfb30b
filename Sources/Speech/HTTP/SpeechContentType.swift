import AudioCore

/// What the body of an answer holds, as its `Content-Type` says.
enum SpeechContentType: Equatable {
    case samples(AudioFormat)
    case wav
    /// Something that is not plain audio.
    case other(String)

    /// - Parameter expected: what it is when the header names only bytes, or samples without their rate.
    init(_ header: String, expected: AudioFormat) {
        let parts = header.lowercased().split(separator: ";").map { $0.filter { !$0.isWhitespace } }
        let rate = parts.dropFirst().compactMap { part in
            part.hasPrefix("rate=") ? Int(part.dropFirst(5)) : nil
        }.first
        switch parts.first ?? "" {
        case "audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave": self = .wav
        case "audio/pcm", "audio/l16", "audio/x-pcm", "audio/x-raw":
            self = .samples(
                AudioFormat(encoding: .linear16, sampleRate: rate ?? expected.sampleRate))
        case "audio/mulaw", "audio/basic", "audio/pcmu", "audio/x-mulaw", "audio/ulaw":
            self = .samples(AudioFormat(encoding: .mulaw, sampleRate: rate ?? 8000))
        case "audio/alaw", "audio/pcma", "audio/x-alaw":
            self = .samples(AudioFormat(encoding: .alaw, sampleRate: rate ?? 8000))
        case "", "application/octet-stream", "binary/octet-stream": self = .samples(expected)
        case let other: self = .other(String(other))
        }
    }
}
