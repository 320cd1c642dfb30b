import Foundation

/// What vendors are paid by.
package enum UsageUnit: String, Sendable, CaseIterable {
    /// Caller audio that was sent to a recognizer.
    case audio = "audio_ms"
    /// Text that a voice was asked to say, in Unicode scalars.
    case characters
    /// What a model was given and had not in its cache.
    case inputTokens = "input_tokens"
    case cachedTokens = "cached_tokens"
    case outputTokens = "output_tokens"
    /// Those of sound, which are none of the above.
    case audioInputTokens = "audio_input_tokens"
    case audioOutputTokens = "audio_output_tokens"
    /// The length of the call on a carrier's line.
    case line = "line_ms"

    /// Counted so many a unit of what a price is for: milliseconds in a minute, or a million.
    var perPrice: Decimal {
        switch self {
        case .audio, .line: 60_000
        case .characters, .inputTokens, .cachedTokens, .outputTokens, .audioInputTokens, .audioOutputTokens: 1_000_000
        }
    }
}
