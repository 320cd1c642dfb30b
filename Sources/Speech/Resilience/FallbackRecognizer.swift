package import AudioCore
package import Logging
package import Networking

/// A chain of recognizers that hears as one: see ``RecognitionRelay`` for who is asked when.
package struct FallbackRecognizer: SpeechRecognizer {
    /// A recognizer of the chain.
    package struct Link: Sendable {
        /// The provider's name in the configuration, under which its health is kept.
        package var name: String
        package var recognizer: any SpeechRecognizer
        /// Whether it can hear callers who say this.
        package var hears: @Sendable (SpeechVocabulary) -> Bool

        package init(
            name: String, recognizer: any SpeechRecognizer,
            hears: @escaping @Sendable (SpeechVocabulary) -> Bool = { _ in true }
        ) {
            self.name = name
            self.recognizer = recognizer
            self.hears = hears
        }
    }

    private let links: [Link]
    private let board: ProviderBoard
    private let settings: RecognitionRelay.Settings
    private let loop: EventLoop
    private let logger: Logger

    /// - Parameters:
    ///   - links: at least one, the preferred one first.
    ///   - board: shared by all that ask these providers.
    ///   - loop: of the legs; their audio is handed on there.
    package init(
        _ links: [Link], board: ProviderBoard, settings: RecognitionRelay.Settings = RecognitionRelay.Settings(),
        loop: EventLoop, logger: Logger
    ) {
        precondition(!links.isEmpty, "a chain of recognizers needs a recognizer")
        self.links = links
        self.board = board
        self.settings = settings
        self.loop = loop
        self.logger = logger
    }

    /// The preferred recognizer's.
    package var capabilities: RecognizerCapabilities { links[0].recognizer.capabilities }

    /// A recognizer that cannot be opened shows as one that fails.
    package func makeSession(
        format: AudioFormat, vocabulary: SpeechVocabulary, sink: @escaping @Sendable (RecognitionEvent) -> Void
    ) throws(SpeechError) -> any RecognitionSession {
        let session = FallbackRecognitionSession(
            links.filter { $0.hears(vocabulary) }, format: format, vocabulary: vocabulary, board: board,
            settings: settings, loop: loop, logger: logger, sink: sink)
        session.start()
        return session
    }
}
