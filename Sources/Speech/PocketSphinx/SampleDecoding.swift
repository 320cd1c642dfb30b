import AudioCore
import Codecs

/// From a leg's bytes to linear samples.
enum SampleDecoding: Sendable {
    case mulaw
    case alaw

    /// Nil unless `format` is 8 kHz G.711.
    init?(_ format: AudioFormat) {
        guard format.sampleRate == 8000 else { return nil }
        switch format.encoding {
        case .mulaw: self = .mulaw
        case .alaw: self = .alaw
        case .linear16: return nil
        }
    }

    func callAsFunction(_ bytes: ArraySlice<UInt8>) -> [Int16] {
        switch self {
        case .mulaw: bytes.map(MuLaw.decode)
        case .alaw: bytes.map(ALaw.decode)
        }
    }
}
