import Networking

/// What a vendor of recognition says, and wants to be told, on a socket that hears a stream. A value, used on the session's
/// loop; ``StreamingRecognitionSession`` does the rest.
protocol StreamingDialect: Sendable {
    var provider: String { get }
    /// What is attempted, for errors.
    var operation: String { get }
    var settings: StreamingSettings { get }
    /// Close codes with which the vendor refuses what we sent, and our account.
    var refusals: Set<UInt16> { get }
    var denials: Set<UInt16> { get }
    /// Keeps a socket open on which nothing is said; nil where the vendor has none.
    var keepAlive: String? { get }
    /// Before the socket is closed.
    var farewell: String? { get }
    /// Whether the connection takes audio now; else it waits for the vendor's next message.
    var takesAudio: Bool { get }

    /// A new connection: what it is told before any audio.
    mutating func opened() -> [String]

    /// Sends a frame of the leg's own encoding.
    ///
    /// - Returns: whether it was taken.
    mutating func send(_ frame: Span<UInt8>, on socket: WebSocket) -> Bool

    /// Asks for the rest of what was said.
    ///
    /// - Parameter sent: seconds of audio that the connection was given; of the leg, where only utterances are sent.
    /// - Returns: the message; nil when there is nothing to ask for.
    mutating func finalize(sent: Double) -> StreamingRequest?

    /// The message with which the rest was asked for last was not taken: it will be asked for again.
    mutating func notTaken()

    /// What a message means; empty for nothing.
    ///
    /// - Throws: for what cannot be read.
    mutating func read(_ message: Span<UInt8>, sent: Double) throws -> [StreamingReply]
}

extension StreamingDialect {
    var denials: Set<UInt16> { [] }
    var keepAlive: String? { nil }
    var farewell: String? { nil }
    var takesAudio: Bool { true }

    mutating func opened() -> [String] { [] }

    mutating func notTaken() {}

    mutating func send(_ frame: Span<UInt8>, on socket: WebSocket) -> Bool { socket.send(binary: frame) == .queued }
}

/// What a vendor's message means.
enum StreamingReply: Sendable, Equatable {
    case segment(RecognizedSegment)
    /// The vendor takes audio from now on; see ``StreamingSettings/awaitsReady``.
    case ready
    /// A message of ours was not accepted; the connection stays.
    case complaint(String)
    /// The connection is of no use any more.
    case failure(SpeechError)
}

/// The times of one vendor's connection.
struct StreamingSettings: Sendable, Equatable {
    /// Audio in one frame.
    var frameDuration = Duration.milliseconds(80)
    /// Audio in one frame while nobody speaks: each is a message to send, and nobody waits for what it holds. Nil makes no
    /// difference.
    var restFrameDuration: Duration?
    /// Whether the last frame before the end of an utterance may be shorter.
    var cutsFrames = true
    /// How much faster than real time the vendor takes what was said while no connection was there.
    var replayPace = 1.25
    /// Whether no audio may be sent before the vendor has said that it is ready.
    var awaitsReady = false
    /// Whether only utterances are sent, and the vendor's times are those of the leg.
    var hearsUtterancesOnly = false
    /// Audio kept for a replay after the connection broke.
    var history = Duration.seconds(15)
    /// While somebody speaks, a connection that says nothing for so long is taken for dead.
    var firstResultDeadline = Duration.seconds(5)
    var keepAliveInterval = Duration.seconds(4)
    var assembly = SegmentAssembler.Settings()
}
