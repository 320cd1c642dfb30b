/// What an emulated recognizer that hears a stream makes of it, how slow it is, and what goes wrong with it.
package struct ListeningEmulatorConfiguration: Sendable {
    /// What happens to one connection.
    package enum Fault: Sendable, Equatable {
        case none
        /// The handshake is refused with this status and the vendor's word for it.
        case refuse(status: Int, code: String)
        /// Closes with `code` and `reason` after this much audio.
        case close(afterAudio: Duration, code: UInt16, reason: String)
        /// Takes audio and never says a word.
        case mute
        /// Transcribes, but does not answer when asked for the rest.
        case ignoreFinalize
        /// Sends text that is not JSON in place of the first result.
        case garbage
        /// Sends a text of 10 MB in place of the first result.
        case huge
        /// Sends every result twice.
        case duplicate
        /// Says nothing more after this many results.
        case stall(afterResults: Int)
    }

    /// What clients must send.
    package var apiKey: String
    /// What is heard: each stretch of speech on a connection is the next sentence; after the last comes the first.
    package var transcripts: [String]
    /// The language of each transcript, told where the vendor tells one.
    package var languages: [String] = []
    /// Hears ``SpelledSpeech``, word by word, in place of `transcripts`.
    package var hearsSpelling = false
    /// Added to every result.
    package var resultDelay: Duration
    /// Audio between two interims of an utterance.
    package var interimInterval: Duration
    /// What happens to the first connection, the second …; those after the last have no fault.
    package var faults: [Fault]

    package init(
        apiKey: String = "emulated", transcripts: [String] = ["hello there"], resultDelay: Duration = .zero,
        interimInterval: Duration = .milliseconds(250), faults: [Fault] = []
    ) {
        precondition(!transcripts.isEmpty, "the emulator needs something to hear")
        self.apiKey = apiKey
        self.transcripts = transcripts
        self.resultDelay = resultDelay
        self.interimInterval = interimInterval
        self.faults = faults
    }
}
