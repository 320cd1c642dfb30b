import CallSession
import Codecs

/// A WAV that goes on for as long as somebody listens: 16-bit stereo at 8 kHz, caller left, agent right.
enum LiveWAV {
    /// Whom somebody listens to.
    enum Side: String, Sendable, CaseIterable {
        /// The caller, in both ears.
        case caller
        /// The agent, in both ears.
        case agent
        case both
    }

    /// Of a file whose length is not known: both lengths are as large as they can be, which players take for "to the end".
    static let header: [UInt8] = {
        var bytes = Array("RIFF".utf8)
        bytes += little(.max)
        bytes += Array("WAVEfmt ".utf8)
        bytes += little(16)
        // Linear samples of two channels.
        bytes += [1, 0, 2, 0]
        bytes += little(8000)
        bytes += little(32_000)
        bytes += [4, 0, 16, 0]
        bytes += Array("data".utf8)
        bytes += little(.max)
        return bytes
    }()

    static func samples(of piece: StereoBlock, side: Side = .both) -> [UInt8] {
        let left = side == .agent ? piece.agent : piece.caller
        let right = side == .caller ? piece.caller : piece.agent
        var bytes: [UInt8] = []
        bytes.reserveCapacity(piece.caller.count * 4)
        for index in piece.caller.indices {
            for sample in [MuLaw.decode(left[index]), MuLaw.decode(right[index])] {
                bytes.append(UInt8(truncatingIfNeeded: sample))
                bytes.append(UInt8(truncatingIfNeeded: sample >> 8))
            }
        }
        return bytes
    }

    private static func little(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}
