/// What is worth knowing of a provider, for metrics.
package enum ProviderEvent: Sendable, Equatable {
    package enum Role: String, Sendable {
        case recognizer
        case synthesizer
    }

    package enum Measure: String, Sendable {
        /// From the request to the open connection.
        case connect
        /// From the caller's first sound to the first interim transcript.
        case firstInterim = "first_interim"
        /// From the end of the caller's turn to its final transcript.
        case final
        /// From the text to its first audio.
        case firstAudio = "first_audio"
    }

    case took(Measure, Duration)
    /// The time a text's audio took to come, divided by its length.
    case realTimeFactor(Double)
    case ended(ProviderOutcome)
    /// Another provider was asked in its place: it failed or was slow.
    case replaced
    /// Audio or words that came after nobody wanted them any more, and were dropped.
    case late
    /// A message that could not be read, and was left out.
    case unreadable
    /// Bytes of caller audio that were too old to be sent again.
    case lost(bytes: Int)
}
