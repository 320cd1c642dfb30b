import COpus

/// What an Opus coder takes or gives (RFC 6716).
package struct OpusFormat: Sendable, Hashable, CustomStringConvertible {
    /// Hz: 8000, 12000, 16000, 24000 or 48000.
    package let sampleRate: Int
    /// 1 or 2, interleaved.
    package let channels: Int

    package init(sampleRate: Int = 8000, channels: Int = 1) {
        self.sampleRate = sampleRate
        self.channels = channels
    }

    /// Samples per channel of a 20 ms frame.
    package var frameSize: Int { sampleRate / 50 }
    /// Samples per channel of the longest packet, 120 ms.
    package var largestFrameSize: Int { sampleRate * 3 / 25 }

    package var description: String { "Opus of \(sampleRate) Hz, \(channels) channel\(channels == 1 ? "" : "s")" }
}

extension CodecError {
    /// What libopus means by `status`.
    init(opus status: Int32, _ operation: String, _ format: OpusFormat) {
        let code: Code =
            switch status {
            // The last is libopus's name for what it was built without.
            case OPUS_BAD_ARG, OPUS_BUFFER_TOO_SMALL, OPUS_UNIMPLEMENTED: .unsupported
            case OPUS_INVALID_PACKET: .malformedPacket
            default: .libraryFailed
            }
        let reason = unsafe String(cString: opus_strerror(status))
        self.init(code, operation: operation, subject: format.description, reason: reason)
    }
}
