import Glibc
import Telephony

/// The one that PARLEY_FUZZ_DIALECT names, so that its executions can be counted; nil for all.
private let chosen: MediaDialects? = {
    guard let name = unsafe getenv("PARLEY_FUZZ_DIALECT") else { return nil }
    let dialect = unsafe MediaDialects.named(String(cString: name))
    precondition(dialect != nil, "PARLEY_FUZZ_DIALECT names no dialect")
    return dialect
}()

/// What libFuzzer calls with every input it makes up: the first byte chooses a dialect, and by its highest bit how one opens that
/// has two ways to; the rest is a conversation of messages parted by zero bytes. A message that begins with 1 is binary.
///
/// Whatever comes, every dialect answers with an event or an error, never a trap, and what it accepts holds together.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzDialect(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    guard let first = input.first else { return 0 }
    let dialect = chosen ?? MediaDialects.all[Int(first) % MediaDialects.all.count]
    var fresh = Conversation(dialect.makeLine(parameters: ["sample-rate": "16000"]))
    var running = Conversation(dialect.makeLine())
    running.open(dialect.name, choice: first >> 7)
    if let framing = dialect.capabilities.framing { receiveAsStream(Array(input.dropFirst()), framing, dialect) }
    for message in input.dropFirst().split(separator: 0) {
        fresh.receive(message)
        running.receive(message)
        if dialect.name == "twilio" { receiveAsCarrier(Array(message)) }
    }
    return 0
}

/// A service's end of one connection, and what must hold of it.
private struct Conversation {
    private let line: MediaLine
    private var hasStarted = false
    private var hasStopped = false
    private var sent = 0

    init(_ line: MediaLine) { self.line = line }

    /// As far as the start, where most of a dialect is.
    ///
    /// - Parameter choice: 0 or 1, of what it carries.
    mutating func open(_ name: String, choice: UInt8) {
        let opening: [String] =
            switch name {
            case "twilio", "signalwire":
                [
                    #"{"event":"connected","protocol":"Call","version":"1.0.0"}"#,
                    #"{"event":"start","sequenceNumber":"1","streamSid":"MZ1","start":{"accountSid":"AC1","callSid":"CA1"}}"#,
                ]
            case "browser": [#"{"event":"start","call":"CA1","codec":"\#(choice == 0 ? "opus" : "pcm")"}"#]
            case "telnyx":
                [
                    #"{"event":"start","stream_id":"MZ1","start":{"call_control_id":"CA1","media_format":{"encoding":"L16","sample_rate":8000}}}"#
                ]
            case "plivo": [#"{"event":"start","start":{"streamId":"MZ1","callId":"CA1"}}"#]
            case "vonage": [#"{"event":"websocket:connected","content-type":"audio/l16;rate=8000"}"#]
            case "exotel": [#"{"event":"start","stream_sid":"MZ1","start":{"call_sid":"CA1"}}"#]
            case "jambonz": [#"{"callSid":"CA1","sampleRate":8000}"#]
            case "asterisk": ["MEDIA_START channel_id:CA1 format:slin optimal_frame_size:320"]
            case "audiofork", "audiostream": [#"{"call":"CA1","sampleRate":16000}"#]
            case "audiosocket": ["\u{1}\u{1}\0\u{10}0123456789abcdef"]
            case "genesys":
                [
                    #"{"type":"open","id":"MZ1","seq":1,"parameters":{"conversationId":"CA1","media":[{"format":"PCMU","channels":["external"],"rate":8000}]}}"#
                ]
            default: []
            }
        for message in opening { receive(Array(message.utf8)[...]) }
        precondition(hasStarted, "nobody has taught the fuzzer how \(name) opens")
    }

    mutating func receive(_ message: ArraySlice<UInt8>) {
        let isBinary = message.first == 1
        let bytes = Array(isBinary ? message.dropFirst() : message)
        guard let event = try? line.receive(bytes.span, isBinary ? .binary : .text) else { return drain() }
        drain()
        switch event {
        case .connected: break
        case .started:
            precondition(!hasStarted, "two starts")
            hasStarted = true
            speak()
        case .media(let sampleCount, _, _):
            precondition(hasStarted && !hasStopped, "media out of order")
            precondition(sampleCount >= 0 && sampleCount <= 64_000)
            var frames = 0
            while line.nextFrame() != nil {
                precondition(line.callerAudio.count <= 64_000)
                frames += 1
            }
            precondition(frames <= 8)
        case .keyPressed(let key): precondition(hasStarted && "0123456789ABCD*#".contains(key))
        case .mark(let name):
            precondition(hasStarted && !name.isEmpty)
            if let mark = PlayoutMark(name) { precondition(mark.description == name) }
        case .stopped:
            precondition(!hasStopped)
            hasStopped = true
        case .complained, .ignored: break
        }
    }

    /// Says everything that can be said.
    private mutating func speak() {
        let speech = [UInt8](repeating: 0x55, count: 333)
        line.write(.accept(callID: "c1"))
        line.write(audio: speech.span)
        line.write(.mark(PlayoutMark(generation: 1, sequence: 1)))
        line.write(.clear)
        line.write(.key("5"))
        line.write(.caption(.caller, text: "\"\\\u{0}é", isFinal: true))
        drain()
        precondition(sent > 0)
    }

    private mutating func drain() {
        line.drain { message, _ in
            precondition(message.count <= 128_000)
            sent += 1
        }
    }
}

/// The same bytes as a stream: first as they are, then behind an opening, in pieces whose sizes they choose themselves.
private func receiveAsStream(_ bytes: [UInt8], _ framing: StreamFraming, _ dialect: MediaDialects) {
    for opening in [[], framing.opening + [UInt8](repeating: 7, count: 16)] {
        let stream = opening + bytes
        var whole = StreamFrames(framing)
        var messages: [[UInt8]] = []
        _ = whole.push(stream.span) { message in messages.append(message.indices.map { message[$0] }) }
        var pieces = StreamFrames(framing)
        var (start, count) = (0, 0)
        while start < stream.count {
            let size = min(Int(stream[start] % 37) + 1, stream.count - start)
            _ = pieces.push(stream[start..<start + size].span) { message in
                precondition(count < messages.count && message.count == messages[count].count, "cut differently")
                count += 1
            }
            precondition(pieces.heldCount <= framing.headerSize + 65_535)
            start += size
        }
        precondition(count == messages.count && pieces.isStrange == whole.isStrange, "cut differently")
        var conversation = Conversation(dialect.makeLine())
        for message in messages { conversation.receive(([1] + message)[...]) }
    }
}

private func receiveAsCarrier(_ message: [UInt8]) {
    var decoder = TwilioCarrierDecoder(streamID: "MZ1")
    var audio = MediaPayload(limit: 2000)
    if case .media(let sampleCount) = try? decoder.decode(message.span, audio: &audio) {
        precondition(sampleCount == audio.bytes.count)
        var buffer: [UInt8] = []
        TwilioMediaEncoder(streamID: "MZ1").media(audio.bytes.span, into: &buffer)
        var again = MediaPayload(limit: 2000)
        precondition((try? decoder.decode(buffer.span, audio: &again)) == .media(sampleCount: sampleCount))
        precondition(again.bytes == audio.bytes)
    }
}
