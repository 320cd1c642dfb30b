import Networking

/// What an emulated recognizer says in its own way on one connection; ``ListeningConnection`` does the rest.
protocol EmulatedListeningAPI: Sendable {
    /// Path, key and parameters of the handshake.
    static func check(_ request: HTTPRequest, _ query: Query, apiKey: String) throws(EmulatedRefusal)

    static func refuse(_ refusal: EmulatedRefusal) -> HTTPResponse

    init(_ query: Query, interimInterval: Duration)

    var settings: DeepgramEmulatorStream.Settings { get }
    var isALaw: Bool { get }
    /// Whether the client is told the languages of what it sends.
    var tellsLanguages: Bool { get }

    /// What is said to a new client.
    mutating func greeting() -> [[UInt8]]

    /// What a client wants with a binary message.
    mutating func take(audio: Span<UInt8>) throws(EmulatedViolation) -> EmulatedListeningCommand

    /// What a client wants with a text message.
    mutating func take(text: Span<UInt8>) throws -> EmulatedListeningCommand

    /// The messages that tell of a result.
    mutating func messages(for result: DeepgramEmulatorStream.Result) -> [[UInt8]]

    /// The messages before the end that a client asked for.
    mutating func farewell(samples: Int) -> [[UInt8]]

    /// How a message that is not understood is answered.
    func violation(_ words: String) -> EmulatedViolation
}

extension EmulatedListeningAPI {
    var tellsLanguages: Bool { false }
}

/// What a client wants.
enum EmulatedListeningCommand: Sendable, Equatable {
    case hear([UInt8])
    /// The same, said to have been taken.
    case acknowledge([UInt8], [UInt8])
    case finalize
    case end
    case say([[UInt8]])
    case nothing
}

/// How a vendor answers what it does not accept.
struct EmulatedViolation: Error, Sendable, Equatable {
    var message: [UInt8]?
    /// The socket closes with it; nil leaves it open.
    var closeCode: UInt16?
    var reason = ""
}
