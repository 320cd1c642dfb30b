package import AudioCore

/// How one direction of a stream carries audio.
package enum MediaFormat: Sendable, Hashable, CustomStringConvertible {
    /// Sample by sample.
    case samples(AudioFormat)
    /// One Opus packet (RFC 6716) a message: as in RTP (RFC 7587), without RTP's header. A packet says itself how much it
    /// holds and of which bandwidth.
    case opus
    /// ITU-T G.722 at 64 kbit/s: two samples at 16 kHz a byte, in descriptions of streams "8000 Hz".
    case g722

    /// 8 kHz µ-law, the telephone network's own.
    package static let telephone = MediaFormat.samples(.telephone)

    package var description: String {
        switch self {
        case .samples(let format): "\(format)"
        case .opus: "opus"
        case .g722: "g722"
        }
    }
}
