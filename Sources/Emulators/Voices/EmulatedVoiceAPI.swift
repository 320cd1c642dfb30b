import Networking

/// What an emulated vendor does in its own way on a socket on which one text is spoken after the other; ``VoiceEmulator``
/// does the rest.
protocol EmulatedVoiceAPI: Sendable {
    /// Why a handshake is refused.
    func objection(to request: HTTPRequest, _ query: Query, apiKey: String) -> EmulatedRefusal?

    /// The answer to a handshake that is refused.
    func refuse(_ refusal: EmulatedRefusal) -> HTTPResponse

    /// - Returns: nil for a format that is not offered.
    func format(_ query: Query) -> (encoding: EmulatedSpeech.Encoding, sampleRate: Int)?

    /// - Throws: for what breaks the protocol.
    func read(_ message: [UInt8]) throws -> EmulatedVoiceOrder

    /// What is said when the socket opens.
    func greeting(_ query: Query) -> [[UInt8]]

    /// What comes before the audio of a turn.
    func beginning(_ turn: EmulatedTurn) -> [[UInt8]]

    /// One piece of audio, and whether it goes as a binary message.
    func audio(_ chunk: [UInt8], of turn: EmulatedTurn) -> (message: [UInt8], isBinary: Bool)

    /// What comes after the audio of a turn.
    func end(_ turn: EmulatedTurn) -> [[UInt8]]

    /// The answer to an order to stop.
    ///
    /// - Parameters:
    ///   - turn: what was being said; nil for nothing.
    ///   - session: milliseconds of audio since the socket opened.
    ///   - offset: what the client says was heard of it.
    func cut(_ turn: EmulatedTurn?, session: Int, offset: Int?) -> [[UInt8]]

    /// Whether an order to stop is refused: what to say then.
    func objection(toCut turn: EmulatedTurn?, session: Int, offset: Int?, last: Int?) -> [UInt8]?

    /// What is said of an error, and the code with which the socket closes then.
    func failure(_ words: String, isClients: Bool) -> (message: [UInt8], code: UInt16?)

    /// Before the socket closes because it was asked to.
    func farewell(session: Int, characters: Int) -> [[UInt8]]
}

/// What a client of such a socket may say.
enum EmulatedVoiceOrder: Equatable {
    case text(String, label: String?)
    /// All of a text has been sent.
    case flush
    /// Stop, and forget what waits.
    case cut(offset: Int?)
    case close
}

/// One text that is spoken.
struct EmulatedTurn {
    let number: Int
    let label: String?
    let text: String
    /// Milliseconds of the session's audio before it.
    var begin = 0
    var chunks: ArraySlice<[UInt8]>
    /// Milliseconds of it that were sent.
    var sent = 0
    /// Milliseconds of all of it.
    var length = 0
}
