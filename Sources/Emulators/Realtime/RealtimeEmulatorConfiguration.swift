/// What the emulated model that hears and speaks hears and says, how slow it is, and what goes wrong with it.
package struct RealtimeEmulatorConfiguration: Sendable {
    package typealias Exchange = ModelEmulatorConfiguration.Exchange
    package typealias ToolCall = ModelEmulatorConfiguration.ToolCall
    package typealias Reply = ModelEmulatorConfiguration.Reply

    /// What happens on one connection.
    package enum Fault: Sendable, Equatable {
        case none
        /// The handshake is refused with this status and the vendor's word for it.
        case refuse(status: Int, code: String)
        /// Closes with `code` after this many pieces of audio, over all responses.
        case close(afterChunks: Int, code: UInt16)
        /// Nothing more comes after this many pieces of audio; what the client says is still read.
        case stall(afterChunks: Int)
        /// Text that is not JSON in place of the first piece of audio.
        case garbage
        /// The first response fails with this code.
        case fail(code: String)
        /// So many more pieces of audio of a response come after it was cancelled.
        case late(chunks: Int)
        /// The event names of the protocol's beta, as some compatible servers have them.
        case beta
        /// What the caller says is never written down.
        case deaf
    }

    /// What clients must send.
    package var apiKey: String
    /// Models that exist; empty lets any.
    package var models: Set<String>
    /// What is heard: each committed utterance on all connections is the next sentence; after the last comes the first.
    package var transcripts: [String]
    /// From an utterance's end to its words.
    package var transcriptDelay: Duration
    package var script: @Sendable (Exchange) -> Reply
    /// From the request to the first delta.
    package var firstDelay: Duration
    /// Between two pieces of 100 ms of audio.
    package var chunkDelay: Duration
    /// Reads a sentence: µ-law at 8 kHz.
    package var voice: @Sendable (String) async -> [UInt8] = RealtimeEmulatorConfiguration.hum
    /// What happens to the first connection, the second …; those after the last have no fault.
    package var faults: [Fault]

    package init(
        apiKey: String = "emulated", models: Set<String> = [], transcripts: [String] = ["hello there"],
        transcriptDelay: Duration = .milliseconds(100), firstDelay: Duration = .zero,
        chunkDelay: Duration = .milliseconds(10), faults: [Fault] = [],
        script: @escaping @Sendable (Exchange) -> Reply = { Reply("You said: \($0.userText). What else can I do?") }
    ) {
        precondition(!transcripts.isEmpty, "the emulator needs something to hear")
        self.apiKey = apiKey
        self.models = models
        self.transcripts = transcripts
        self.transcriptDelay = transcriptDelay
        self.firstDelay = firstDelay
        self.chunkDelay = chunkDelay
        self.faults = faults
        self.script = script
    }

    /// Speech-like sound as long as the text is when it is read, and a pause.
    package static let hum: @Sendable (String) async -> [UInt8] = { text in
        SpeechLikeTone.muLaw(.milliseconds(60) * max(text.count, 1)) + [UInt8](repeating: 0xFF, count: 1600)
    }
}
