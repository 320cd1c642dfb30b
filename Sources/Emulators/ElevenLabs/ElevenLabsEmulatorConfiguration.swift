/// How the emulated voice speaks, how slow it is, and what goes wrong with it.
package struct ElevenLabsEmulatorConfiguration: Sendable {
    /// What happens to one connection.
    package enum Fault: Sendable, Equatable {
        case none
        /// The handshake is refused with this status and ElevenLabs' `detail.status`.
        case refuse(status: Int, code: String)
        /// The socket closes with `code` after this many audio messages.
        case close(afterChunks: Int, code: UInt16)
        /// No audio follows after this many audio messages.
        case stall(afterChunks: Int)
        /// Text that is not JSON in place of the first audio message.
        case garbage
        /// Audio of another, closed context comes before the first audio message.
        case stranger
    }

    /// What clients must send as `xi-api-key`.
    package var apiKey: String
    /// How long a character takes to say.
    package var characterDuration: Duration
    /// Audio in one message.
    package var chunkDuration: Duration
    /// From the text to its first audio.
    package var firstAudioDelay: Duration
    /// Between two audio messages of a context; zero sends all at once, as the vendor is faster than real time.
    package var chunkDelay: Duration
    /// Makes what a context's audio begins with, when it is sent; a multiple of 6 bytes, fewer than ``chunkDuration`` has.
    package var beginning: (@Sendable () -> [UInt8])?
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
