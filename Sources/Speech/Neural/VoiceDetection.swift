import AudioCore

/// Which detector the calls of a loop get.
package enum VoiceDetection: Sendable {
    /// Band energies against a noise floor; needs nothing.
    case builtIn
    /// The Silero model, run for all calls of the loop together.
    case silero(SileroBatch)

    /// A detector for a new call of the loop.
    package func makeDetector() -> CallerVoiceDetector {
        switch self {
        case .builtIn: .builtIn(VoiceActivityDetector(.forTurns))
        case .silero(let batch): .silero(SileroDetector(batch: batch))
        }
    }
}
