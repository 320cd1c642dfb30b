/// What the emulated Live API hears and says, how slow it is, and what goes wrong with it.
package struct GeminiLiveEmulatorConfiguration: Sendable {
    package typealias Exchange = ModelEmulatorConfiguration.Exchange
    package typealias Reply = ModelEmulatorConfiguration.Reply

    /// What happens on one connection.
    package enum Fault: Sendable, Equatable {
        case none
        /// The handshake is refused with this status.
        case refuse(status: Int)
        /// Closes with `code` after this many pieces of audio, over all turns.
        case close(afterChunks: Int, code: UInt16)
        /// Nothing more comes after this many pieces of audio; what the client says is still read.
        case stall(afterChunks: Int)
        /// Bytes that are not JSON in place of the first piece of audio.
        case garbage
        /// The first turn says nothing and ends for this reason.
        case fail(reason: String)
        /// So many more pieces of audio of a turn come after it was interrupted.
        case late(chunks: Int)
        /// What the caller says is never written down.
        case deaf
        /// The connection is to be left after so many turns.
        case leave(afterTurns: Int)
        /// It can not be gone on from.
        case amnesia
    }

    /// What clients must send.
    package var apiKey: String
    /// Models that exist, without `models/`; empty lets any.
    package var models: Set<String>
    /// What is heard: each stretch of sound on all connections is the next sentence; after the last comes the first.
    package var transcripts: [String]
    package var script: @Sendable (Exchange) -> Reply
    /// From the end of the caller's activity to the first piece of an answer.
    package var firstDelay: Duration
    /// Between two pieces of 100 ms of audio.
    package var chunkDelay: Duration
    /// From the last piece to the end of the turn, which tells its cost.
    package var endDelay: Duration
    /// Reads a sentence: µ-law at 8 kHz.
    package var voice: @Sendable (String) async -> [UInt8] = RealtimeEmulatorConfiguration.hum
    /// What happens to the first connection, the second …; those after the last have no fault.
    package var faults: [Fault]

    package init(
        apiKey: String = "emulated", models: Set<String> = [], transcripts: [String] = ["hello there"],
        firstDelay: Duration = .zero, chunkDelay: Duration = .milliseconds(10),
        endDelay: Duration = .milliseconds(20), faults: [Fault] = [],
        script: @escaping @Sendable (Exchange) -> Reply = { Reply("You said: \($0.userText). What else can I do?") }
    ) {
        precondition(!transcripts.isEmpty, "the emulator needs something to hear")
        self.apiKey = apiKey
        self.models = models
        self.transcripts = transcripts
        self.firstDelay = firstDelay
        self.chunkDelay = chunkDelay
        self.endDelay = endDelay
        self.faults = faults
        self.script = script
    }
}
