/// Opus on a line: what our packets are like. ``OpusEar`` reads a peer's, which may be of any length.
///
/// Opus has a rate of its own on either side; ours is the telephone's, so nothing is resampled.
enum OpusPackets {
    /// What a packet of ours holds.
    static let milliseconds = 20
    /// The same in samples at 8 kHz.
    static let size = milliseconds * 8

    /// Bits a second for speech of the telephone's band: what is above 4 kHz is not there to be sent.
    static let bitrate = 16_000
}
