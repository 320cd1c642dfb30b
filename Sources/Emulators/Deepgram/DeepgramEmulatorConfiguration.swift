/// What the emulated recognizer hears, how slow it is, and what goes wrong with it.
package struct DeepgramEmulatorConfiguration: Sendable {
    /// What happens to one connection.
    package enum Fault: Sendable, Equatable {
        case none
        /// The handshake is refused with this status and Deepgram's `err_code`.
        case refuse(status: Int, code: String)
        /// Closes with `code` and `reason` after this much audio.
        case close(afterAudio: Duration, code: UInt16, reason: String)
        /// Takes audio and never says a word.
        case mute
        /// Transcribes, but does not answer `Finalize`.
        case ignoreFinalize
        /// Sends text that is not JSON in place of the first result.
        case garbage
    }

    /// What clients must send as `Authorization: Token …`.
    package var apiKey: String
    /// What is heard: each stretch of speech on a connection is the next sentence; after the last comes the first.
    package var transcripts: [String]
    /// The language of each transcript, told to who asked for `language=multi`.
    package var languages: [String] = []
    /// Hears ``SpelledSpeech``, word by word, in place of `transcripts`.
    package var hearsSpelling = false
    /// Makes a word that ends the final of a stretch of speech, when it is sent: for who measures what becomes of it. A segment
    /// of a speech that goes on has none: nobody acts upon it before the rest is there.
    package var lastWord: (@Sendable () -> String)?
    /// Added to every result.
    package var resultDelay: Duration
    /// Audio between two interims of an utterance.
    package var interimInterval: Duration
    /// Audio after which a long utterance gets a final segment without an endpoint.
    package var segmentLength: Duration
    /// A `Finalize` with less audio than this since the last final is not answered, as Deepgram may do.
    package var finalizeThreshold: Duration
    /// Without a message for so long the socket closes with `NET-0001`; whole seconds.
    package var silenceTimeout: Duration
    /// What happens to the first connection, the second …; those after the last have no fault.
    package var faults: [Fault]
    /// Is given the audio of every connection, counting from 0, as it comes; on the emulator's loop.
    package var audioObserver: (@Sendable (_ connection: Int, _ audio: [UInt8]) -> Void)?

    package init(
        apiKey: String = "emulated", transcripts: [String] = ["hello there"], resultDelay: Duration = .zero,
        interimInterval: Duration = .seconds(1), segmentLength: Duration = .seconds(4),
        finalizeThreshold: Duration = .milliseconds(200), silenceTimeout: Duration = .seconds(10), faults: [Fault] = [],
        audioObserver: (@Sendable (_ connection: Int, _ audio: [UInt8]) -> Void)? = nil
    ) {
        precondition(!transcripts.isEmpty, "the emulator needs something to hear")
        self.apiKey = apiKey
        self.transcripts = transcripts
        self.resultDelay = resultDelay
        self.interimInterval = interimInterval
        self.segmentLength = segmentLength
        self.finalizeThreshold = finalizeThreshold
        self.silenceTimeout = silenceTimeout
        self.faults = faults
        self.audioObserver = audioObserver
    }
}
