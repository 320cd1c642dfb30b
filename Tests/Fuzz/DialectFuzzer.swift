import Telephony

/// What libFuzzer calls with every input it makes up: a conversation of messages parted by zero bytes.
///
/// Whatever comes, the decoders answer with an event or an error, never a trap, and what they accept holds together.
@_cdecl("LLVMFuzzerTestOneInput")
func fuzzDialect(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    var fresh = Conversation(TwilioMediaDecoder())
    var running = Conversation.streaming
    for message in input.split(separator: 0) {
        fresh.receive(Array(message))
        running.receive(Array(message))
        receiveAsCarrier(Array(message))
    }
    return 0
}

/// A service's end of one connection, and what must hold of it.
private struct Conversation {
    private var decoder: TwilioMediaDecoder
    private var audio = MediaPayload(limit: 2000)
    private var hasStarted = false
    private var hasStopped = false

    init(_ decoder: TwilioMediaDecoder) { self.decoder = decoder }

    /// After `connected` and `start`, where most of the dialect is.
    static let streaming: Conversation = {
        var conversation = Conversation(TwilioMediaDecoder(messageLimit: 8000))
        var encoder = TwilioCarrierEncoder(MediaStart(streamID: "MZ1", callID: "CA1", accountID: "AC1"))
        var buffer: [UInt8] = []
        encoder.connected(into: &buffer)
        conversation.receive(buffer)
        buffer.removeAll()
        encoder.start(into: &buffer)
        conversation.receive(buffer)
        precondition(conversation.hasStarted)
        return conversation
    }()

    mutating func receive(_ message: [UInt8]) {
        guard let event = try? decoder.decode(message.span, audio: &audio) else { return }
        switch event {
        case .connected:
            precondition(!hasStarted, "connected after start")
        case .started(let start):
            precondition(!hasStarted, "two starts")
            precondition(!start.streamID.isEmpty && !start.callID.isEmpty)
            hasStarted = true
            checkEcho(of: start)
        case .media(let sampleCount, _, _):
            precondition(hasStarted && !hasStopped, "media out of order")
            precondition(sampleCount == audio.bytes.count && sampleCount <= audio.limit)
            checkEcho(of: audio.bytes)
        case .keyPressed(let key):
            precondition(hasStarted && "0123456789ABCD*#".contains(key))
        case .mark(let name):
            precondition(hasStarted && !name.isEmpty)
            if let mark = PlayoutMark(name) { precondition(mark.description == name) }
        case .stopped:
            precondition(hasStarted && !hasStopped)
            hasStopped = true
        case .ignored: break
        }
    }
}

/// What was decoded is encoded and decoded to the same.
private func checkEcho(of start: MediaStart) {
    var encoder = TwilioCarrierEncoder(start)
    var decoder = TwilioMediaDecoder(messageLimit: .max)
    var audio = MediaPayload()
    var buffer: [UInt8] = []
    encoder.connected(into: &buffer)
    _ = try? decoder.decode(buffer.span, audio: &audio)
    buffer.removeAll()
    encoder.start(into: &buffer)
    precondition((try? decoder.decode(buffer.span, audio: &audio)) == .started(start))
}

private func checkEcho(of bytes: [UInt8]) {
    var buffer: [UInt8] = []
    TwilioMediaEncoder(streamID: "MZ1").media(bytes.span, into: &buffer)
    var decoder = TwilioCarrierDecoder(streamID: "MZ1")
    var audio = MediaPayload()
    precondition((try? decoder.decode(buffer.span, audio: &audio)) == .media(sampleCount: bytes.count))
    precondition(audio.bytes == bytes)
}

private func receiveAsCarrier(_ message: [UInt8]) {
    var decoder = TwilioCarrierDecoder(streamID: "MZ1")
    var audio = MediaPayload(limit: 2000)
    if case .media(let sampleCount) = try? decoder.decode(message.span, audio: &audio) {
        precondition(sampleCount == audio.bytes.count)
    }
}
