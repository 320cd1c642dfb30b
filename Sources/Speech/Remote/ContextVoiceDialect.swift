import Networking

/// What a vendor of speech says, and wants to be told, on a socket on which texts are spoken, several at a time or one
/// after the other. A value; ``ContextSynthesisSession`` does the rest. `now` is time since the session began.
protocol ContextVoiceDialect: Sendable {
    var provider: String { get }
    /// What is attempted, for errors.
    var operation: String { get }
    var contexts: SpeechContexts.Settings { get }
    /// Keeps an idle socket open; nil where nothing is needed.
    var keepAlive: String? { get }
    var keepAliveInterval: Duration { get }
    /// Before the socket is closed.
    var farewell: String? { get }

    /// A new socket is open: nothing is left of what was said on the one before.
    mutating func opened()

    /// The messages that have a text spoken in a context of its own.
    mutating func messages(context: String, text: String) -> [[UInt8]]

    /// The message that stops a context; nil where the vendor has none.
    mutating func cancellation(context: String, now: Duration) -> [UInt8]?

    /// A text message.
    ///
    /// - Throws: for what cannot be read.
    mutating func read(_ bytes: Span<UInt8>) throws -> ContextVoiceMessage

    /// A binary message.
    ///
    /// - Returns: nil where the vendor sends none.
    mutating func readBinary(_ bytes: Span<UInt8>, now: Duration) -> ContextVoiceMessage?
}

extension ContextVoiceDialect {
    mutating func opened() {}

    mutating func readBinary(_ bytes: Span<UInt8>, now: Duration) -> ContextVoiceMessage? { nil }
}

/// What a vendor says on such a socket.
package enum ContextVoiceMessage: Sendable, Equatable {
    /// `audio` is empty in a message that only ends its context. `timing` are the characters that are said in it, in seconds since
    /// its first sample.
    case audio(context: String, audio: [UInt8], isLast: Bool, timing: [TimedPiece] = [])
    /// When words of a text are said, in seconds since its first sample.
    case timing(context: String, [TimedPiece])
    /// One text cannot be spoken; the socket stays.
    case contextFailed(String?, SpeechError)
    /// The socket closes after this.
    case failure(SpeechError)
    /// Nothing to do.
    case other
}
