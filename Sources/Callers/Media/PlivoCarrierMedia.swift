package import Networking
package import Telephony

/// Plivo's side of its bidirectional audio streams, with µ-law in both directions. A checkpoint that was not played does
/// not come back after a clear.
package struct PlivoCarrierMedia: CarrierMedia {
    package let returnsClearedMarks = false
    package private(set) var audio: [UInt8] = []
    private let start: MediaStart
    private var sequence = 0
    private var chunk = 0

    package init(_ start: MediaStart) { self.start = start }

    package mutating func opening() -> [[UInt8]] {
        let text = """
            {"event":"start","sequenceNumber":0,"start":{"callId":"\(start.callID)","streamId":"\(start.streamID)",\
            "accountId":"\(start.accountID)","tracks":["inbound"],"mediaFormat":{"encoding":"audio/x-mulaw",\
            "sampleRate":8000}},"extra_headers":""}
            """
        return [Array(text.utf8)]
    }

    package mutating func media(
        _ frame: Span<UInt8>, timestamp: Int, into buffer: inout [UInt8]
    ) -> WebSocketMessageKind {
        chunk += 1
        begin("media", &buffer)
        buffer += #","media":{"track":"inbound","timestamp":"\#(timestamp)","chunk":\#(chunk),"payload":""#.utf8
        buffer += frame.base64
        buffer += #""},"extra_headers":""}"#.utf8
        return .text
    }

    package mutating func keyPressed(_ key: Character, into buffer: inout [UInt8]) {
        begin("dtmf", &buffer)
        buffer += #","dtmf":{"track":"inbound","digit":"\#(key)"}}"#.utf8
    }

    package mutating func mark(name: String, into buffer: inout [UInt8]) {
        begin("playedStream", &buffer)
        buffer += #","name":"\#(name)"}"#.utf8
    }

    package mutating func cleared(into buffer: inout [UInt8]) {
        begin("clearedAudio", &buffer)
        buffer += "}".utf8
    }

    /// Older accounts close the socket alone.
    package mutating func stop(into buffer: inout [UInt8]) {}

    private mutating func begin(_ event: String, _ buffer: inout [UInt8]) {
        sequence += 1
        buffer += #"{"event":"\#(event)","sequenceNumber":\#(sequence),"streamId":"\#(start.streamID)""#.utf8
    }

    package mutating func decode(_ message: Span<UInt8>, _ kind: WebSocketMessageKind) throws -> CarrierCommand {
        guard kind == .text else { throw CarrierMediaFault("a binary message") }
        let fields = try StrictMessage(message)
        switch try fields.text("event") {
        case "playAudio":
            try fields.allow(only: ["event", "media"])
            let media = try fields.object("media")
            try media.allow(only: ["contentType", "sampleRate", "payload"])
            guard try media.text("contentType") == "audio/x-mulaw", try media.number("sampleRate") == 8000 else {
                throw CarrierMediaFault("the audio is not in the format of the stream")
            }
            audio = try media.audio("payload")
            return .media(sampleCount: audio.count)
        case "checkpoint":
            try fields.allow(only: ["event", "streamId", "name"])
            try requireStream(fields)
            return .mark(name: try fields.text("name"))
        case "clearAudio":
            try fields.allow(only: ["event", "streamId"])
            try requireStream(fields)
            return .clear
        case let other: throw CarrierMediaFault("the event \"\(other)\" is not known")
        }
    }

    private func requireStream(_ fields: StrictMessage) throws {
        guard try fields.text("streamId") == start.streamID else { throw CarrierMediaFault("another stream's id") }
    }
}
