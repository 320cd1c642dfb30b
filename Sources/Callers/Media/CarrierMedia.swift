package import Networking
package import Telephony

/// A carrier's side of one media dialect: writes what the carrier sends on a connection, and reads what a service sends as
/// strictly as the carrier does.
package protocol CarrierMedia {
    /// Whether marks that were not played come back after a clear.
    var returnsClearedMarks: Bool { get }
    /// Of the last media message, µ-law at 8 kHz.
    var audio: [UInt8] { get }

    /// The first messages of a connection, up to where audio may follow; text.
    mutating func opening() -> [[UInt8]]
    /// 20 ms of the caller.
    ///
    /// - Parameters:
    ///   - frame: µ-law, 160 bytes.
    ///   - timestamp: of its first sample, in ms since the stream began.
    mutating func media(_ frame: Span<UInt8>, timestamp: Int, into buffer: inout [UInt8]) -> WebSocketMessageKind
    mutating func keyPressed(_ key: Character, into buffer: inout [UInt8])
    mutating func mark(name: String, into buffer: inout [UInt8])
    /// What is sent when the agent's queue was dropped at its request; empty where nothing is.
    mutating func cleared(into buffer: inout [UInt8])
    /// The end of the stream; empty where the socket's is all there is.
    mutating func stop(into buffer: inout [UInt8])

    /// Reads a message of the service; audio is in ``audio`` then.
    mutating func decode(_ message: Span<UInt8>, _ kind: WebSocketMessageKind) throws -> CarrierCommand
}

/// Why a carrier closes a stream: the service broke the dialect.
package struct CarrierMediaFault: Error, CustomStringConvertible {
    package var description: String

    init(_ description: String) { self.description = description }
}
