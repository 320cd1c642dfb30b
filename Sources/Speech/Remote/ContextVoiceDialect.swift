import Networking

/// What a vendor of speech says, and wants to be told, on a socket on which several texts are spoken at a time. A value;
/// ``ContextSynthesisSession`` does the rest.
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

    /// The messages that have a text spoken in a context of its own.
    func messages(context: String, text: String) -> [[UInt8]]

    /// The message that stops a context; nil where the vendor has none.
    func cancellation(context: String) -> [UInt8]?

    /// - Throws: for what cannot be read.
    func read(_ bytes: Span<UInt8>) throws -> ContextVoiceMessage
}

/// What a vendor says on such a socket.
package enum ContextVoiceMessage: Sendable, Equatable {
    /// `audio` is empty in a message that only ends its context.
    case audio(context: String, audio: [UInt8], isLast: Bool)
    /// One text cannot be spoken; the socket stays.
    case contextFailed(String?, SpeechError)
    /// The socket closes after this.
    case failure(SpeechError)
    /// Nothing to do.
    case other
}
