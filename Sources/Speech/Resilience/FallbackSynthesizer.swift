package import AudioCore
package import Logging

/// A chain of synthesizers that speaks as one: see ``SynthesisRelay`` for who is asked when.
package struct FallbackSynthesizer: SpeechSynthesizer {
    /// A synthesizer of the chain.
    package struct Link: Sendable {
        /// The provider's name in the configuration, under which its health is kept.
        package var name: String
        package var synthesizer: any SpeechSynthesizer

        package init(name: String, synthesizer: any SpeechSynthesizer) {
            self.name = name
            self.synthesizer = synthesizer
        }
    }

    private let links: [Link]
    private let board: ProviderBoard
    private let settings: SynthesisRelay.Settings
    private let logger: Logger

    /// - Parameters:
    ///   - links: at least one, the preferred one first. A voice asked for is the first one's; the others speak with their
    ///     own.
    ///   - board: shared by all that ask these providers.
    package init(
        _ links: [Link], board: ProviderBoard, settings: SynthesisRelay.Settings = SynthesisRelay.Settings(),
        logger: Logger
    ) {
        precondition(!links.isEmpty, "a chain of synthesizers needs a synthesizer")
        self.links = links
        self.board = board
        self.settings = settings
        self.logger = logger
    }

    /// Opens the preferred synthesizer's session while this returns; the others' when they are needed. A synthesizer that
    /// cannot be opened shows at the first text, as one that fails.
    package func makeSession(voice: String, format: AudioFormat) async throws(SpeechError) -> any SynthesisSession {
        var settings = settings
        settings.bytesPerSecond = format.sampleRate * format.bytesPerSample
        let session = FallbackSynthesisSession(
            links, voice: voice, format: format, board: board, settings: settings, logger: logger)
        session.warm()
        return session
    }
}
