import Foundation
package import Networking
package import Telephony

/// Telnyx' side of its media streams in `rtp` mode, with a codec for each direction.
package struct TelnyxCarrierMedia: CarrierMedia {
    package let returnsClearedMarks = false
    package private(set) var audio: [UInt8] = []
    private let start: MediaStart
    private let hears: TelnyxCodec
    private let lineAudio: TelnyxAudio
    private var sequence = 0
    private var chunk = 0

    /// - Parameter start: its parameters `codec` and `bidirectionalCodec` are what the service has asked for; µ-law without.
    package init(_ start: MediaStart) {
        self.start = start
        func codec(_ name: String) -> TelnyxCodec { start.parameters[name].flatMap(TelnyxCodec.init) ?? .pcmu }
        hears = codec("codec")
        lineAudio = TelnyxAudio(hears: hears, speaks: codec("bidirectionalCodec"))
    }

    package mutating func opening() -> [[UInt8]] {
        sequence += 1
        // As RTP has it: G.722 with the clock of an older mistake.
        let format =
            hears == .opus
            ? #""encoding":"OPUS","sample_rate":48000,"channels":1"#
            : #""encoding":"\#(hears.name)","sample_rate":8000,"channels":1"#
        let text = """
            {"event":"start","sequence_number":"1","stream_id":"\(start.streamID)","start":{"user_id":"\(start.accountID)",\
            "call_control_id":"\(start.callID)","media_format":{\(format)}}}
            """
        return [Array(#"{"event":"connected","version":"1.0.0"}"#.utf8), Array(text.utf8)]
    }

    package mutating func media(
        _ frame: Span<UInt8>, timestamp: Int, into buffer: inout [UInt8]
    ) -> WebSocketMessageKind {
        chunk += 1
        begin("media", &buffer)
        buffer += #","media":{"track":"inbound","chunk":"\#(chunk)","timestamp":"\#(timestamp)","payload":""#.utf8
        buffer += Data(lineAudio.payload(of: frame)).base64EncodedString().utf8
        buffer += #""}}"#.utf8
        return .text
    }

    package mutating func keyPressed(_ key: Character, into buffer: inout [UInt8]) {
        begin("dtmf", &buffer)
        buffer += #","dtmf":{"digit":"\#(key)"}}"#.utf8
    }

    package mutating func mark(name: String, into buffer: inout [UInt8]) {
        begin("mark", &buffer)
        buffer += #","mark":{"name":"\#(name)"}}"#.utf8
    }

    package mutating func cleared(into buffer: inout [UInt8]) {}

    package mutating func stop(into buffer: inout [UInt8]) {
        begin("stop", &buffer)
        buffer += #","stop":{"user_id":"\#(start.accountID)","call_control_id":"\#(start.callID)"}}"#.utf8
    }

    private mutating func begin(_ event: String, _ buffer: inout [UInt8]) {
        sequence += 1
        buffer +=
            #"{"event":"\#(event)","sequence_number":"\#(sequence)","stream_id":"\#(start.streamID)""#.utf8
    }

    package mutating func decode(_ message: Span<UInt8>, _ kind: WebSocketMessageKind) throws -> CarrierCommand {
        guard kind == .text else { throw CarrierMediaFault("a binary message") }
        let fields = try StrictMessage(message)
        switch try fields.text("event") {
        case "media":
            try fields.allow(only: ["event", "media"])
            let media = try fields.object("media")
            try media.allow(only: ["payload"])
            audio = try lineAudio.telephone(try media.audio("payload", least: lineAudio.leastBytes))
            guard audio.count <= 240_000 else { throw CarrierMediaFault("a message holds more than 30 s of audio") }
            return .media(sampleCount: audio.count)
        case "mark":
            try fields.allow(only: ["event", "mark"])
            return .mark(name: try fields.object("mark").text("name"))
        case "clear":
            try fields.allow(only: ["event"])
            return .clear
        case let other: throw CarrierMediaFault("the event \"\(other)\" is not known")
        }
    }
}

extension Span<UInt8> {
    var base64: String.UTF8View {
        var bytes: [UInt8] = []
        for index in indices { bytes.append(self[index]) }
        return Data(bytes).base64EncodedString().utf8
    }
}
