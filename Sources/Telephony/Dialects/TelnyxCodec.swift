import AudioCore

/// A codec of Telnyx' streams, in the words of its answers and starts.
///
/// Which one carries the agent's voice is ours to ask for; in which one the caller's comes, the stream's start says.
package enum TelnyxCodec: String, Sendable, CaseIterable {
    case pcmu, pcma, g722, opus

    /// As TeXML spells it.
    package var name: String { rawValue.uppercased() }

    /// What it is asked for with, where that is not its name alone. [Hz]
    package var samplingRate: Int? {
        switch self {
        case .pcmu, .pcma: nil
        case .g722: 16_000
        case .opus: 48_000
        }
    }

    var format: MediaFormat {
        switch self {
        case .pcmu: .telephone
        case .pcma: .samples(AudioFormat(encoding: .alaw, sampleRate: 8000))
        case .g722: .g722
        case .opus: .opus
        }
    }
}
