/// Writes what a carrier sends on one connection: the other side of the dialect, for callers made by software.
package struct TwilioCarrierEncoder: Sendable {
    private let start: MediaStart
    private let streamField: [UInt8]
    private var sequence = 0
    private var chunk = 0

    package init(_ start: MediaStart) {
        self.start = start
        var field: [UInt8] = []
        field.append(#","streamSid":"#)
        field.append(jsonString: start.streamID)
        streamField = field
    }

    /// The first message of a connection.
    package func connected(into buffer: inout [UInt8]) {
        buffer.append(#"{"event":"connected","protocol":"Call","version":"1.0.0"}"#)
    }

    /// The description of the stream; audio may follow.
    package mutating func start(into buffer: inout [UInt8]) {
        begin("start", &buffer)
        buffer.append(#","start":{"accountSid":"#)
        buffer.append(jsonString: start.accountID)
        buffer.append(#","streamSid":"#)
        buffer.append(jsonString: start.streamID)
        buffer.append(#","callSid":"#)
        buffer.append(jsonString: start.callID)
        buffer.append(#","tracks":["#)
        for (index, track) in start.tracks.enumerated() {
            if index > 0 { buffer.append(",") }
            buffer.append(jsonString: track)
        }
        buffer.append(#"],"customParameters":{"#)
        for (index, (name, value)) in start.parameters.sorted(by: { $0.key < $1.key }).enumerated() {
            if index > 0 { buffer.append(",") }
            buffer.append(jsonString: name)
            buffer.append(":")
            buffer.append(jsonString: value)
        }
        buffer.append(#"},"mediaFormat":{"encoding":"audio/x-mulaw","sampleRate":8000,"channels":1}}}"#)
    }

    /// Audio of the caller.
    ///
    /// - Parameters:
    ///   - payload: µ-law, usually 160 bytes.
    ///   - timestamp: of its first sample, in ms since the stream began.
    package mutating func media(_ payload: Span<UInt8>, timestamp: Int, into buffer: inout [UInt8]) {
        chunk += 1
        begin("media", &buffer)
        buffer.append(#","media":{"track":"inbound","chunk":"#)
        buffer.append(quotedDecimal: chunk)
        buffer.append(#","timestamp":"#)
        buffer.append(quotedDecimal: max(timestamp, 0))
        buffer.append(#","payload":""#)
        Base64.encode(payload, appendingTo: &buffer)
        buffer.append(#""}}"#)
    }

    /// A key that the caller pressed.
    package mutating func keyPressed(_ key: Character, into buffer: inout [UInt8]) {
        begin("dtmf", &buffer)
        buffer.append(#","dtmf":{"track":"inbound_track","digit":"#)
        buffer.append(jsonString: String(key))
        buffer.append("}}")
    }

    /// The echo of a mark.
    package mutating func mark(name: some StringProtocol, into buffer: inout [UInt8]) {
        begin("mark", &buffer)
        buffer.append(#","mark":{"name":"#)
        buffer.append(jsonString: name)
        buffer.append("}}")
    }

    /// The end of the stream.
    package mutating func stop(into buffer: inout [UInt8]) {
        begin("stop", &buffer)
        buffer.append(#","stop":{"accountSid":"#)
        buffer.append(jsonString: start.accountID)
        buffer.append(#","callSid":"#)
        buffer.append(jsonString: start.callID)
        buffer.append("}}")
    }

    private mutating func begin(_ event: StaticString, _ buffer: inout [UInt8]) {
        sequence += 1
        buffer.append(#"{"event":""#)
        buffer.append(event)
        buffer.append(#"","sequenceNumber":"#)
        buffer.append(quotedDecimal: sequence)
        buffer.append(contentsOf: streamField)
    }
}
