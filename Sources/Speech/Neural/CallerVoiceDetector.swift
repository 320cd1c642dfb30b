package import AudioCore

/// What listens for the caller's voice on one call: a closed choice, because a frame must not pay for an existential.
///
/// Belongs to its call's loop. Should the model fail in the middle of a call, the built-in detector takes over.
package enum CallerVoiceDetector {
    case builtIn(VoiceActivityDetector)
    case silero(SileroDetector)

    /// Takes the next 20 ms of the stream, 160 samples at 8 kHz.
    package mutating func process(_ frame: Span<Int16>) -> VoiceActivity {
        switch self {
        case .builtIn(var detector):
            let activity = detector.process(frame)
            self = .builtIn(detector)
            return activity
        case .silero(let detector):
            let activity = detector.process(frame)
            if detector.hasFailed { self = .builtIn(VoiceActivityDetector(.forTurns)) }
            return activity
        }
    }

    /// What has become known since the last frame without a new one: to be asked once every beat of the loop.
    ///
    /// - Returns: an edge; its positions count the samples given, as those of ``process(_:)`` do.
    package mutating func poll() -> VoiceActivity? {
        guard case .silero(let detector) = self else { return nil }
        let activity = detector.poll()
        if detector.hasFailed { self = .builtIn(VoiceActivityDetector(.forTurns)) }
        return activity
    }
}
