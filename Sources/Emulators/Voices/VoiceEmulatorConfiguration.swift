/// How an emulated voice on a socket of turns speaks, how slow it is, and what goes wrong with it.
package struct VoiceEmulatorConfiguration: Sendable {
    /// What happens to one connection.
    package enum Fault: Sendable, Equatable {
        case none
        /// The handshake is refused with this status.
        case refuse(status: Int)
        /// The socket closes with `code` after this many audio messages.
        case close(afterChunks: Int, code: UInt16)
        /// No audio follows after this many audio messages.
        case stall(afterChunks: Int)
        /// Text that is not JSON in place of the first audio message.
        case garbage
        /// Audio goes on after a turn was cut.
        case deaf
        /// The first text is answered with an error.
        case error
    }

    /// What clients must send.
    package var apiKey: String
    /// How long a character takes to say.
    package var characterDuration: Duration
    /// Audio in one message.
    package var chunkDuration: Duration
    /// From the text to its first audio.
    package var firstAudioDelay: Duration
    /// Between two audio messages.
    package var chunkDelay: Duration
    /// What happens to the first connection, the second …; those after the last have no fault.
    package var faults: [Fault]

    package init(
        apiKey: String = "emulated", characterDuration: Duration = .milliseconds(60),
        chunkDuration: Duration = .milliseconds(240), firstAudioDelay: Duration = .zero,
        chunkDelay: Duration = .zero, faults: [Fault] = []
    ) {
        self.apiKey = apiKey
        self.characterDuration = characterDuration
        self.chunkDuration = chunkDuration
        self.firstAudioDelay = firstAudioDelay
        self.chunkDelay = chunkDelay
        self.faults = faults
    }
}
