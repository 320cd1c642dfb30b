/// Writes what a service sends to the carrier on one stream: exactly the documented fields, since a further one makes
/// Twilio drop the message (warning 31951).
///
/// Each method appends one text message to a buffer that the caller reuses; nothing is allocated once it is large enough.
package struct TwilioMediaEncoder: Sendable {
    private let mediaPrefix: [UInt8]
    private let markPrefix: [UInt8]
    private let clearMessage: [UInt8]

    /// - Parameter streamID: as the carrier's `start` named it.
    package init(streamID: String) {
        var id: [UInt8] = []
        id.append(jsonString: streamID)
        func message(_ event: StaticString, _ rest: StaticString) -> [UInt8] {
            var bytes: [UInt8] = []
            bytes.append(#"{"event":""#)
            bytes.append(event)
            bytes.append(#"","streamSid":"#)
            bytes.append(contentsOf: id)
            bytes.append(rest)
            return bytes
        }
        mediaPrefix = message("media", #","media":{"payload":""#)
        markPrefix = message("mark", #","mark":{"name":"#)
        clearMessage = message("clear", "}")
    }

    /// Audio to be played after what was sent before it.
    ///
    /// - Parameter payload: µ-law, any length; 20 to 200 ms are usual.
    package func media(_ payload: Span<UInt8>, into buffer: inout [UInt8]) {
        buffer.append(contentsOf: mediaPrefix)
        Base64.encode(payload, appendingTo: &buffer)
        buffer.append(#""}}"#)
    }

    /// Asks for an echo of `name` once everything before it was played or cleared.
    package func mark(name: some StringProtocol, into buffer: inout [UInt8]) {
        buffer.append(contentsOf: markPrefix)
        buffer.append(jsonString: name)
        buffer.append("}}")
    }

    /// Asks for an echo of `mark`.
    package func mark(_ mark: PlayoutMark, into buffer: inout [UInt8]) {
        buffer.append(contentsOf: markPrefix)
        buffer.append(UInt8(ascii: "\""))
        mark.appendName(to: &buffer)
        buffer.append(#""}}"#)
    }

    /// Drops what the carrier has not played; it then echoes every mark it still holds.
    package func clear(into buffer: inout [UInt8]) {
        buffer.append(contentsOf: clearMessage)
    }
}
