import AudioCore

/// Asterisk's AudioSocket, over TCP: a byte for the kind, two for the length, and as much of it. The stream begins with a
/// UUID, which is all that it says of itself.
///
/// Asterisk puts every message on the line the moment it comes: it keeps no time, holds nothing that could be dropped, and
/// gives up where nothing comes for two seconds. Anything but audio and a hang-up from us ends the call there.
package struct AudioSocketDialect: MediaDialect {
    package static let capabilities: MediaCapabilities = {
        var capabilities = MediaCapabilities(name: "audiosocket")
        capabilities.receives = AudioFormat(encoding: .linear16, sampleRate: 8000)
        capabilities.sends = AudioFormat(encoding: .linear16, sampleRate: 8000)
        capabilities.positions = .counted
        capabilities.message = .init(step: 20, least: 20, most: 20)
        capabilities.mostLead = 60
        capabilities.hasMarks = false
        capabilities.clears = false
        capabilities.wantsSilence = true
        capabilities.framing = StreamFraming(headerSize: 3, lengthOffset: 1, opening: [Kind.id, 0, 16])
        return capabilities
    }()

    private enum Kind {
        static let hangUp: UInt8 = 0x00
        static let id: UInt8 = 0x01
        static let key: UInt8 = 0x03
        static let audio: UInt8 = 0x10
        /// 12 kHz … 192 kHz.
        static let widerAudio: ClosedRange<UInt8> = 0x11...0x18
        static let error: UInt8 = 0xFF
    }
    private enum Phase { case opened, streaming, stopped }

    private static let headerSize = 3
    private static let keys = Array("0123456789ABCD*#".utf8)

    private var phase = Phase.opened
    private var frames = WireFrames(size: 320)

    package init(parameters: [String: String]) {}

    /// - Parameter message: one message, its header included.
    package mutating func decode(
        _ message: Span<UInt8>, _ kind: MediaMessageKind, audio: inout MediaPayload, replies: inout MediaOutbox
    ) throws(MediaError) -> MediaEvent {
        guard kind == .binary, message.count >= Self.headerSize,
            Int(message[1]) << 8 | Int(message[2]) == message.count - Self.headerSize
        else {
            throw MediaError(.malformedMessage, subject: "a message", reason: "its length is not what its header says")
        }
        let content = message.extracting(Self.headerSize..<message.count)
        if phase == .stopped { return .ignored(.streamStopped) }
        if message[0] == Kind.id { return .started(try start(content)) }
        guard phase == .streaming else { throw .outOfOrder(Self.name(message[0]), "the UUID comes before it") }
        switch message[0] {
        case Kind.audio:
            guard !content.isEmpty else {
                throw MediaError(.malformedAudio, subject: "audio", reason: "there is none in the message")
            }
            try audio.replace(with: content, width: 2)
            return .media(sampleCount: content.count / 2, timestamp: nil, sequence: nil)
        case Kind.key:
            guard content.count == 1, Self.keys.contains(content[0]) else {
                throw MediaError(.missingField, subject: "a key", reason: "it is not one of 0-9, A-D, * and #")
            }
            return .keyPressed(Character(Unicode.Scalar(content[0])))
        case Kind.hangUp:
            phase = .stopped
            return .stopped
        case Kind.error: return .complained(content.isEmpty ? "error" : "error \(content[0])")
        case Kind.widerAudio:
            throw MediaError(
                .unsupportedFormat, subject: "audio", reason: "8 kHz is supported; dial with the option c(slin)")
        default: return .ignored(.unknownEvent(Self.name(message[0])))
        }
    }

    private static func name(_ kind: UInt8) -> String { "kind \(kind)" }

    private mutating func start(_ id: Span<UInt8>) throws(MediaError) -> MediaStart {
        guard phase == .opened else { throw .outOfOrder("UUID", "it comes once, first") }
        guard id.count == 16 else {
            throw MediaError(.malformedMessage, subject: "the UUID", reason: "it has \(id.count) bytes, not 16")
        }
        var text = ""
        for index in id.indices {
            if [4, 6, 8, 10].contains(index) { text += "-" }
            text += (id[index] < 16 ? "0" : "") + String(id[index], radix: 16)
        }
        phase = .streaming
        let format = Self.capabilities.receives
        return MediaStart(streamID: text, callID: text, accountID: "", format: format, replyFormat: format)
    }

    package mutating func encode(_ command: MediaCommand, audio: Span<UInt8>, into outbox: inout MediaOutbox) {
        switch command {
        case .audio:
            frames.forEach(audio) { frame in
                outbox.append(.binary) { buffer in
                    buffer.append(Kind.audio)
                    buffer.append(UInt8(truncatingIfNeeded: frame.count >> 8))
                    buffer.append(UInt8(truncatingIfNeeded: frame.count))
                    for index in frame.indices { buffer.append(frame[index]) }
                }
            }
        case .clear: frames.removeAll()
        case .end:
            outbox.append(.binary) { buffer in buffer.append(contentsOf: [Kind.hangUp, 0, 0]) }
        case .accept, .mark, .key, .caption, .state: break
        }
    }
}
