package import Networking
package import Telephony

/// Twilio's side of its media streams, and SignalWire's, which are made after them.
package struct TwilioCarrierMedia: CarrierMedia {
    private var encoder: TwilioCarrierEncoder
    private var decoder: TwilioCarrierDecoder
    private var payload = MediaPayload(limit: 64_000)

    package let returnsClearedMarks = true
    package var audio: [UInt8] { payload.bytes }

    package init(_ start: MediaStart) {
        encoder = TwilioCarrierEncoder(start)
        decoder = TwilioCarrierDecoder(streamID: start.streamID)
    }

    package mutating func opening() -> [[UInt8]] {
        var (connected, start): ([UInt8], [UInt8]) = ([], [])
        encoder.connected(into: &connected)
        encoder.start(into: &start)
        return [connected, start]
    }

    package mutating func media(
        _ frame: Span<UInt8>, timestamp: Int, into buffer: inout [UInt8]
    ) -> WebSocketMessageKind {
        encoder.media(frame, timestamp: timestamp, into: &buffer)
        return .text
    }

    package mutating func keyPressed(_ key: Character, into buffer: inout [UInt8]) {
        encoder.keyPressed(key, into: &buffer)
    }

    package mutating func mark(name: String, into buffer: inout [UInt8]) { encoder.mark(name: name, into: &buffer) }

    package mutating func cleared(into buffer: inout [UInt8]) {}

    package mutating func stop(into buffer: inout [UInt8]) { encoder.stop(into: &buffer) }

    package mutating func decode(_ message: Span<UInt8>, _ kind: WebSocketMessageKind) throws -> CarrierCommand {
        guard kind == .text else { throw CarrierMediaFault("a binary message") }
        return try decoder.decode(message, audio: &payload)
    }
}
