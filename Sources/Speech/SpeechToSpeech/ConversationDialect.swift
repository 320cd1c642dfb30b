import Networking

/// What a vendor of models that hear and speak says, and wants to be told, in one call. A value, used on the call's loop;
/// ``RealtimeConversation`` and ``RealtimeCall`` do the rest, alike for all of them.
///
/// Audio goes in and comes out as 8 kHz µ-law, the call's own; a vendor of other formats converts.
protocol ConversationDialect: Sendable {
    var provider: String { get }
    /// What is attempted, for errors.
    var operation: String { get }
    var request: WebSocketRequest { get }
    var settings: RealtimeSettings { get }
    /// Whether messages may also come in binary frames.
    var takesBinary: Bool { get }
    /// Whether a connection is set up once and for all: instructions and the conversation so far should be known by then.
    var isBriefedAtSetup: Bool { get }
    /// Whether tools can be forbidden for one answer; otherwise they are taken away for it.
    var forbidsToolsByAnswer: Bool { get }
    /// Whether a new connection can go on with the vendor's memory of the one before.
    var canResume: Bool { get }
    /// When ``expire(now:)`` has something to do.
    var deadline: Duration? { get }

    /// A new connection: what it is told first. The vendor says when it is ready, unless there is nothing to wait for.
    ///
    /// - Parameters:
    ///   - instructions: nil where nobody knows them yet.
    ///   - told: the conversation so far; empty unless ``isBriefedAtSetup``.
    mutating func setUp(instructions: String?, tools: [RealtimeTool], told: [RealtimeMessage]) -> ConversationSetup

    /// Other instructions or tools in mid-conversation.
    mutating func configure(instructions: String, tools: [RealtimeTool]) -> [String]

    /// Audio of the caller's.
    mutating func append(_ audio: Span<UInt8>) -> [String]

    /// The audio so far is an utterance.
    ///
    /// - Returns: what says so, and the vendor's name for the utterance if that is known at once.
    mutating func commit(now: Duration) -> (messages: [String], item: String?)

    /// The audio since the last utterance is of no use.
    mutating func clear() -> [String]

    /// Asks for an answer.
    ///
    /// - Parameters:
    ///   - told: what the vendor does not know yet.
    ///   - heard: what the caller heard of the reply before, if that was not all and the vendor cannot be made to forget
    ///     the rest; empty for nothing.
    mutating func ask(_ id: Int, told: [ToldItem], heard: String?, forbidsTools: Bool) -> [String]

    /// Ends the answer under way.
    ///
    /// - Parameter response: nil for the one that was asked for and has no name yet.
    mutating func cancel(_ response: String?, now: Duration) -> [String]

    /// Has the vendor forget what the caller did not hear of an item: all after `heard` milliseconds of its audio.
    ///
    /// - Returns: nil where its memory cannot be cut; then it is told with the next question.
    func cut(_ item: String, heard: Int) -> String?

    /// What a message means; empty for nothing.
    ///
    /// - Throws: for what cannot be read.
    mutating func read(_ message: Span<UInt8>, now: Duration) throws -> [RealtimeServerEvent]

    /// What time alone brings about.
    mutating func expire(now: Duration) -> [RealtimeServerEvent]

    /// The connection is gone.
    ///
    /// - Parameter wasReady: whether the vendor had taken it.
    mutating func disconnected(wasReady: Bool)

    /// Why the vendor closed the connection.
    func error(of reason: WebSocketCloseReason) -> SpeechError

    /// Why the vendor gives no answer, or what it has against a message of ours.
    func error(of failure: RealtimeServerEvent.Failure) -> SpeechError

    /// What follows from a failure that is not an answer's.
    func consequence(of failure: RealtimeServerEvent.Failure) -> FailureConsequence
}

extension ConversationDialect {
    var takesBinary: Bool { false }
    var isBriefedAtSetup: Bool { false }
    var forbidsToolsByAnswer: Bool { true }
    var canResume: Bool { false }
    var deadline: Duration? { nil }

    mutating func expire(now: Duration) -> [RealtimeServerEvent] { [] }
    mutating func disconnected(wasReady: Bool) {}

    /// - Parameter operation: what was attempted, where it is not the connection.
    func error(_ code: SpeechError.Code, during operation: String? = nil, _ detail: String) -> SpeechError {
        SpeechError(code, operation: operation ?? self.operation, provider: provider, detail: detail)
    }
}

/// What begins a connection.
struct ConversationSetup: Sendable, Equatable {
    var messages: [String]
    /// The vendor says when it may be told more.
    var isAwaited = false
}

/// What follows from what a vendor has against a message of ours.
enum FailureConsequence: Sendable, Equatable {
    /// What was wanted has happened by itself.
    case nothing
    /// The connection is of no more use, and a new one may be.
    case reconnect
    /// The vendor does not want us.
    case refusal
    /// It is about one message, and the session goes on.
    case complaint
}
