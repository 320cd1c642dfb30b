import Codecs
package import Networking
package import Telephony

/// Vonage's side of a WebSocket: 16-bit samples at 8 kHz in binary messages of exactly 20 ms, JSON in text messages.
package struct VonageCarrierMedia: CarrierMedia {
    /// Bytes of 20 ms.
    private static let frameSize = 320

    package let returnsClearedMarks = false
    package private(set) var audio: [UInt8] = []

    /// - Parameter start: Vonage tells nothing of it but what the answer to its webhook wants to be told.
    package init(_ start: MediaStart) {}

    package mutating func opening() -> [[UInt8]] {
        [Array(#"{"event":"websocket:connected","content-type":"audio/l16;rate=8000"}"#.utf8)]
    }

    package mutating func media(
        _ frame: Span<UInt8>, timestamp: Int, into buffer: inout [UInt8]
    ) -> WebSocketMessageKind {
        for index in frame.indices {
            let sample = MuLaw.decode(frame[index])
            buffer.append(UInt8(truncatingIfNeeded: sample))
            buffer.append(UInt8(truncatingIfNeeded: sample >> 8))
        }
        return .binary
    }

    package mutating func keyPressed(_ key: Character, into buffer: inout [UInt8]) {
        buffer += #"{"event":"websocket:dtmf","digit":"\#(key)","duration":260}"#.utf8
    }

    package mutating func mark(name: String, into buffer: inout [UInt8]) {
        buffer += #"{"event":"websocket:notify","payload":{"id":"\#(name)"}}"#.utf8
    }

    package mutating func cleared(into buffer: inout [UInt8]) {
        buffer += #"{"event":"websocket:cleared"}"#.utf8
    }

    package mutating func stop(into buffer: inout [UInt8]) {}

    package mutating func decode(_ message: Span<UInt8>, _ kind: WebSocketMessageKind) throws -> CarrierCommand {
        if kind == .binary {
            guard message.count == Self.frameSize else {
                throw CarrierMediaFault("a frame of \(message.count) bytes in place of \(Self.frameSize)")
            }
            audio.removeAll(keepingCapacity: true)
            for index in 0..<Self.frameSize / 2 {
                let sample = UInt16(message[2 * index]) | UInt16(message[2 * index + 1]) << 8
                audio.append(MuLaw.encode(Int16(bitPattern: sample)))
            }
            return .media(sampleCount: audio.count)
        }
        let fields = try StrictMessage(message)
        switch try fields.text("action") {
        case "clear":
            try fields.allow(only: ["action"])
            return .clear
        case "notify":
            try fields.allow(only: ["action", "payload"])
            return .mark(name: try fields.object("payload").text("id"))
        case let other: throw CarrierMediaFault("the action \"\(other)\" is not known")
        }
    }
}
