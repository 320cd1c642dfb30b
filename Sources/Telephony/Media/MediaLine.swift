import AudioCore
import Codecs

/// One end of a media socket, whatever its dialect: telephone audio (µ-law, 8 kHz) and events on the inside, messages on
/// the outside.
///
/// It converts between the stream's formats and the telephone's, puts messages in order, and keeps to the dialect's rule
/// for the length of a message. Nothing is allocated per message in the steady state.
package final class MediaLine: @unchecked Sendable {
    // @unchecked: handed from the connection to its call, both of which live on the loop's thread and nowhere else.
    package private(set) var capabilities: MediaCapabilities
    private let codec: MediaCodec
    private let address: [String: String]
    private var payload = MediaPayload(limit: 64_000)
    private var outbox = MediaOutbox()
    private var ears: CallerAudioConverter
    private var mouth: AgentAudioConverter
    private var window: ReorderWindow
    private var unread: CallerFrame?
    /// Of the media message before, where its peer counts and stamps.
    private var last = (sequence: Int.min, timestamp: Int.min)
    private var padded: [UInt8] = []

    /// The caller audio that ``nextFrame()`` announced: µ-law at 8 kHz.
    package var callerAudio: [UInt8] { ears.telephone }
    /// Messages that came after later ones had been given up waiting for them.
    package var overtakenCount: Int { window.lateCount }
    /// Messages that never arrived, by the peer's own numbering.
    package var missedCount: Int { codec.missedCount }

    /// - Parameter address: what the socket's address carried. It was ours to write, so it counts more than what the
    ///   stream says; `call` is the call's id.
    init(_ codec: MediaCodec, address: [String: String] = [:]) {
        self.codec = codec
        self.address = address
        capabilities = codec.capabilities
        ears = CallerAudioConverter(from: .samples(capabilities.receives))
        mouth = AgentAudioConverter(to: .samples(capabilities.sends))
        window = ReorderWindow(depth: capabilities.reordering)
    }

    /// Media messages that came once more: the same number with the same stamp as the one before.
    package private(set) var doubledCount = 0
    /// Packets that held no audio of their codec. What they should have held was made up from what came before.
    package var damagedCount: Int { ears.damagedCount }
    /// Lost packets whose audio was made up.
    package var concealedCount: Int { ears.concealedCount }

    // MARK: In

    /// Reads one message of the peer. After `.media`, take the audio with ``nextFrame()`` until there is none; then send
    /// what ``drain(_:)`` gives.
    package func receive(_ message: Span<UInt8>, _ kind: MediaMessageKind) throws(MediaError) -> MediaEvent {
        let event = try codec.decode(message, kind, audio: &payload, replies: &outbox)
        switch event {
        case .started(var start):
            ears = CallerAudioConverter(from: start.format)
            mouth = AgentAudioConverter(to: start.replyFormat)
            capabilities = codec.capabilities.adapted(to: start.replyFormat)
            start.parameters.merge(address) { $1 }
            if let call = address["call"] { start.callID = call }
            return .started(start)
        case .media(_, let timestamp, let sequence):
            if window.depth > 0, let sequence {
                window.put(payload.bytes, timestamp: timestamp, sequence: sequence)
            } else if isDouble(sequence, timestamp) {
                // Heard twice it would be a stutter, to the recognizer as well.
                doubledCount += 1
            } else {
                unread = CallerFrame(timestamp: timestamp)
            }
        default: break
        }
        return event
    }

    private func isDouble(_ sequence: Int?, _ timestamp: Int?) -> Bool {
        guard let sequence, let timestamp else { return false }
        defer { last = (sequence, timestamp) }
        return last == (sequence, timestamp)
    }

    /// The next piece of caller audio, which ``callerAudio`` then holds.
    package func nextFrame() -> CallerFrame? {
        if let frame = unread {
            unread = nil
            ears.convert(&payload.bytes, missing: 0)
            return capabilities.positions == .stamped ? frame : CallerFrame(timestamp: nil)
        }
        guard window.depth > 0, var frame = window.take(into: &payload.bytes) else { return nil }
        let concealed = ears.convert(&payload.bytes, missing: frame.missing)
        // What was made up belongs before the packet that follows it.
        if concealed > 0 { frame.timestamp = frame.timestamp.map { max($0 - concealed / 8, 0) } }
        return frame
    }

    // MARK: Out

    /// Writes a command other than audio.
    package func write(_ command: MediaCommand) {
        switch command {
        case .clear: mouth.reset()
        // What it stands behind is on its way before it.
        case .mark: mouth.flush { codec.encode(.audio, audio: $0, into: &outbox) }
        default: break
        }
        codec.encode(command, audio: Span(), into: &outbox)
    }

    /// Writes audio to be played, silence added where the dialect wants longer messages.
    ///
    /// - Parameter telephone: µ-law at 8 kHz.
    package func write(audio telephone: Span<UInt8>) {
        // The dialect's own: a codec of packets keeps what is no whole packet until more comes.
        let rule = codec.capabilities.message
        let step = max(rule.step * 8, 1)
        let whole = max((telephone.count + step - 1) / step * step, rule.least * 8)
        guard whole > telephone.count else { return encode(telephone) }
        padded.removeAll(keepingCapacity: true)
        for index in telephone.indices { padded.append(telephone[index]) }
        padded.append(contentsOf: repeatElement(MuLaw.silence, count: whole - telephone.count))
        let message = padded
        encode(message.span)
    }

    private func encode(_ telephone: Span<UInt8>) {
        if mouth.isIdle { return codec.encode(.audio, audio: telephone, into: &outbox) }
        mouth.convert(telephone) { codec.encode(.audio, audio: $0, into: &outbox) }
    }

    /// Lends what there is to send, in order, then forgets it.
    package func drain(_ send: (Span<UInt8>, MediaMessageKind) -> Void) {
        if !outbox.isEmpty { outbox.drain(send) }
    }
}

/// A piece of caller audio.
package struct CallerFrame: Sendable, Equatable {
    /// The peer's time of its first sample, in ms since the stream began; nil if it gave none.
    package var timestamp: Int?
    /// Messages before it that were given up, by the peer's numbering.
    package var missing = 0
}
