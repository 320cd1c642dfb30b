/// How an emulated vendor of speech speaks and hears, how slow it is, and what goes wrong with it. The same for all that are
/// asked over HTTP.
package struct SpeechEmulatorConfiguration: Sendable {
    /// What happens to one request.
    package enum Fault: Sendable, Equatable {
        case none
        /// Answered with this status and the vendor's error body instead.
        case refuse(status: Int, code: String)
        /// The answer begins so much later.
        case delay(Duration)
        /// The connection breaks after this many pieces of the body.
        case cut(afterChunks: Int)
        /// Nothing more comes after this many pieces.
        case stall(afterChunks: Int)
        /// A body that is not what its headers say.
        case garbage
        /// The body is empty.
        case empty
    }

    /// What clients must send.
    package var apiKey: String
    /// What is heard: each request is the next sentence; after the last comes the first. A file without speech is silence.
    package var transcripts: [String]
    /// How long a character takes to say.
    package var characterDuration: Duration
    /// Audio in one piece of a body.
    package var chunkDuration: Duration
    /// Before the first piece.
    package var firstChunkDelay: Duration
    /// Before each further one.
    package var chunkDelay: Duration
    /// Bytes in one packet, so that samples and characters are cut anywhere; nil sends what there is.
    package var packetSize: Int?
    /// What happens to the first request, the second …; those after the last have no fault.
    package var faults: [Fault]

    package init(
        apiKey: String = "emulated", transcripts: [String] = ["Hello there."],
        characterDuration: Duration = .milliseconds(60), chunkDuration: Duration = .milliseconds(240),
        firstChunkDelay: Duration = .zero, chunkDelay: Duration = .zero, packetSize: Int? = nil, faults: [Fault] = []
    ) {
        precondition(!transcripts.isEmpty, "the emulator needs something to hear")
        self.apiKey = apiKey
        self.transcripts = transcripts
        self.characterDuration = characterDuration
        self.chunkDuration = chunkDuration
        self.firstChunkDelay = firstChunkDelay
        self.chunkDelay = chunkDelay
        self.packetSize = packetSize
        self.faults = faults
    }
}
