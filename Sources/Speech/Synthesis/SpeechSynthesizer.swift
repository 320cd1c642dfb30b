package import AudioCore

/// Turns text into audio. One conformance per provider; a ``SynthesisSession`` belongs to one call.
package protocol SpeechSynthesizer: Sendable {
    /// Opens a session, warm before the first word where the provider has connections.
    ///
    /// - Parameters:
    ///   - voice: the provider's own name of the voice; empty means its default.
    ///   - format: the leg's native format; chunks arrive in it.
    func makeSession(voice: String, format: AudioFormat) async throws(SpeechError) -> any SynthesisSession
}

package protocol SynthesisSession: AnyObject, Sendable {
    /// Streams the audio of `text` (a sentence or a clause, plain words) in the session's format.
    ///
    /// Chunks are whole samples, in order; the iteration throws ``SpeechError``. Ending it, or cancelling the task that
    /// iterates, cancels the synthesis.
    func synthesize(_ text: String) -> SynthesizedAudio

    /// The whole audio of `text` where it is there already and costs nothing.
    func keptAudio(of text: String) -> [UInt8]?

    /// When the words of a text are said whose audio was asked for in this session, as far as the engine has told; nil where it does
    /// not tell.
    func pace(of text: String) async -> SpokenPace?

    /// The sentences that follow are those of a new reply. For engines that think as well as speak.
    func beginReply()

    /// The reply under way was cut.
    ///
    /// - Parameter samples: of its audio, in the order in which it was given, that the caller heard.
    func cutReply(heard samples: Int)

    /// Ends the session and frees what it holds.
    func close()
}

extension SynthesisSession {
    package func keptAudio(of text: String) -> [UInt8]? { nil }

    package func pace(of text: String) async -> SpokenPace? { nil }

    package func beginReply() {}

    package func cutReply(heard samples: Int) {}
}
