/// ITU-T G.722 at 64 kbit/s: 7 kHz of speech in two sub-bands, a byte for every two samples.
///
/// RTP and all who follow it say 8000 where they mean this codec's clock; its audio has 16,000 samples a second
/// (RFC 3551 §4.5.2: an error in the first registration, which stays for compatibility).
package enum G722 {
    /// Of the audio. [Hz]
    package static let sampleRate = 16_000
    /// As in RTP and in descriptions of streams: bytes a second. [Hz]
    package static let clockRate = 8000
    static let bitrate: Int32 = 64_000  // bits a second
}
