/// One way of carrying a call's audio over a WebSocket: bytes of the peer in, events out; commands in, bytes out.
///
/// A value without I/O and without clock. What all dialects share (conversion, order, pacing, marks, the ledger of what was
/// heard) is in ``MediaLine`` and ``PlayoutQueue``; what a dialect alone can do is in its ``capabilities``. A new one is a
/// type in a file of its own and a row in ``MediaDialects``.
package protocol MediaDialect: Sendable {
    static var capabilities: MediaCapabilities { get }

    /// Messages of the peer that never arrived, by its own numbering; 0 where it numbers none.
    var missedCount: Int { get }

    /// - Parameter parameters: what the address of the socket carried, name by value.
    init(parameters: [String: String])

    /// Reads one message. After an error the dialect is as before it.
    ///
    /// - Parameters:
    ///   - audio: holds the audio when the event is `.media`, in the format of the stream's start; one packet where that is
    ///     one of packets.
    ///   - replies: what the dialect itself has to answer.
    mutating func decode(
        _ message: Span<UInt8>, _ kind: MediaMessageKind, audio: inout MediaPayload, replies: inout MediaOutbox
    ) throws(MediaError) -> MediaEvent

    /// Writes a command.
    ///
    /// - Parameter audio: of `.audio`, in the format that the stream's start names for this direction.
    mutating func encode(_ command: MediaCommand, audio: Span<UInt8>, into outbox: inout MediaOutbox)
}

extension MediaDialect {
    package var missedCount: Int { 0 }
}
