import AudioCore
package import Networking
package import Telephony

/// A caller's line as a carrier brings it: a media dialect over a real socket, 20 ms frames, marks echoed when what was
/// sent before them has been played.
///
/// It keeps the carrier's side of the bargain and no more; who speaks when is decided by whoever owns it. Confined to its
/// loop's thread.
package final class CarrierLine: WebSocketHandler {
    package enum Event: Sendable, Equatable {
        case opened
        /// The agent's first audio after a pause arrived; `response` is the time since the caller's last voiced sample was
        /// sent, nil when the caller had not spoken since the agent did.
        case agentBegan(response: Duration?)
        /// Everything the agent sent has been played, for a while.
        case agentFell(silent: Duration)
        /// The agent's queue was dropped at its request.
        case cleared
        /// The caller's clip has been sent to its end.
        case clipEnded
        case closed(reason: String)
    }

    package struct Call: Sendable {
        package var url: String
        package var callID: String
        package var parameters: [String: String]
        package var media: @Sendable (MediaStart) -> any CarrierMedia

        /// - Parameter media: the carrier's side of the dialect that is spoken.
        package init(
            url: String, callID: String, parameters: [String: String],
            media: @escaping @Sendable (MediaStart) -> any CarrierMedia = { TwilioCarrierMedia($0) }
        ) {
            self.url = url
            self.callID = callID
            self.parameters = parameters
            self.media = media
        }
    }

    private static let frameSize = 160

    private let call: Call
    private let loop: EventLoop
    private let beatsByItself: Bool
    private let report: (Event) -> Void
    private let clock = ContinuousClock()
    private var media: any CarrierMedia
    private var message: [UInt8] = []
    private var frame = [UInt8](repeating: 0xFF, count: frameSize)
    private var socket: WebSocket?
    private var timer: LoopTimer?

    // The caller's mouth.
    private var clip: CallerClip?
    private var spoken = 0
    private var lastVoiced: ContinuousClock.Instant?

    private var playback = CarrierPlayback()
    private var heard = [UInt8](repeating: 0xFF, count: frameSize)
    private let began: ContinuousClock.Instant

    /// The carrier's own id of the call.
    package var callID: String { call.callID }
    /// When audio of the agent last came.
    package private(set) var lastAgentAudio: ContinuousClock.Instant?
    /// Frames sent to the service.
    package private(set) var framesSent = 0
    /// How the line was closed, after RFC 6455 §7.4; nil while it is not. 1006 is one that broke.
    package private(set) var closeCode: UInt16?
    /// Samples of the agent that were received.
    package var agentSamples: Int { playback.received }
    /// Times the agent's audio ran out and went on within 200 ms: heard as a gap.
    package var gaps: Int { playback.gaps }
    /// Whether the agent speaks, or has within the last 300 ms.
    package var isAgentTalking: Bool { playback.isAgentTalking }
    /// How far ahead of its own time the agent's audio came.
    package var leads: LeadHistogram { playback.leads }
    /// Fills each frame (20 ms, µ-law) in place of clips.
    package var mouth: ((inout [UInt8]) -> Void)?
    /// Given what the caller hears, frame by frame as it is played; silence where there is nothing.
    package var ear: ((Span<UInt8>) -> Void)? {
        didSet { playback.keepsAudio = ear != nil }
    }
    /// Given the first message of what the agent says after a pause, as it comes.
    package var beginning: ((Span<UInt8>) -> Void)?
    /// What the network does to the caller's frames.
    package var impairment: LineImpairment?
    private var delayed: [(due: Int, timestamp: Int, frame: [UInt8])] = []

    /// - Parameter beatsByItself: false where the owner calls ``beat()`` every 20 ms, by a clock of its own.
    package init(
        _ call: Call, on loop: EventLoop, beatsByItself: Bool = true, report: @escaping (Event) -> Void
    ) {
        self.call = call
        self.loop = loop
        self.beatsByItself = beatsByItself
        self.report = report
        began = clock.now
        let start = MediaStart(
            streamID: "MZ" + call.callID.dropFirst(2), callID: call.callID,
            accountID: "AC" + String(repeating: "0", count: 32),
            parameters: call.parameters)
        media = call.media(start)
    }

    package func dial() { loop.connect(WebSocketRequest(url: call.url), handler: self) }

    /// Speaks from the next frame on; what was being said is cut.
    package func say(_ clip: CallerClip) {
        self.clip = clip
        spoken = 0
        lastVoiced = nil
    }

    package func press(_ key: Character) {
        message.removeAll(keepingCapacity: true)
        media.keyPressed(key, into: &message)
        send()
    }

    /// Puts the receiver down.
    package func hangUp() {
        message.removeAll(keepingCapacity: true)
        media.stop(into: &message)
        send()
        socket?.close(code: 1000, reason: "")
    }

    package func opened(_ socket: WebSocket) {
        self.socket = socket
        for text in media.opening() { _ = socket.send(text: text.span) }
        if beatsByItself {
            timer = loop.scheduleRepeating(every: .milliseconds(20)) { [weak self] _ in self?.beat() }
        }
        report(.opened)
    }

    package func received(_ bytes: Span<UInt8>, kind: WebSocketMessageKind, on socket: WebSocket) {
        do {
            switch try media.decode(bytes, kind) {
            case .media: agentAudio()
            case .mark(let name): playback.mark(name)
            case .clear: clear()
            }
            echoMarks()
        } catch {
            report(.closed(reason: "the service broke the dialect: \(error)"))
            socket.close(code: 1002, reason: "")
        }
    }

    package func closed(_ socket: WebSocket?, reason: WebSocketCloseReason) {
        timer?.cancel()
        self.socket = nil
        closeCode = reason.code
        report(.closed(reason: "\(reason)"))
    }

    // MARK: The beat

    /// Sends the next 20 ms of the caller and plays as much of the agent.
    package func beat() {
        guard socket != nil else { return }
        if let mouth { mouth(&frame) } else { sayClip() }
        transmit()
        framesSent += 1
        play()
    }

    private func sayClip() {
        for index in frame.indices { frame[index] = 0xFF }
        guard let clip else { return }
        let count = min(Self.frameSize, clip.audio.count - spoken)
        for index in 0..<count { frame[index] = clip.audio[spoken + index] }
        spoken += count
        // The frame that holds the last voiced sample leaves now; the sample itself is that much older than its end.
        if lastVoiced == nil, spoken >= clip.speechEnd {
            lastVoiced = clock.now - .microseconds((spoken - clip.speechEnd) * 125)
        }
        if spoken >= clip.audio.count {
            self.clip = nil
            report(.clipEnded)
        }
    }

    private func transmit() {
        guard let fate = impairment?.next() else { return send(frame, timestamp: framesSent * 20) }
        if !fate.isLost {
            // The network keeps the order: what waits makes those behind it wait.
            let due = max(framesSent + fate.delay, delayed.last?.due ?? 0)
            delayed.append((due, framesSent * 20, frame))
        }
        while let first = delayed.first, first.due <= framesSent {
            delayed.removeFirst()
            send(first.frame, timestamp: first.timestamp)
        }
    }

    private func send(_ frame: [UInt8], timestamp: Int) {
        message.removeAll(keepingCapacity: true)
        let kind = media.media(frame.span, timestamp: timestamp, into: &message)
        send(as: kind)
    }

    private func play() {
        let silence = playback.play(into: &heard, at: now)
        ear?(heard.span)
        echoMarks()
        if let silence { report(.agentFell(silent: .microseconds(silence * 125))) }
    }

    private func agentAudio() {
        lastAgentAudio = clock.now
        let audio = media.audio
        if playback.receive(audio.span, at: now) {
            beginning?(audio.span)
            report(.agentBegan(response: lastVoiced.map { clock.now - $0 }))
            lastVoiced = nil
        }
        if playback.isOverfull {
            report(.closed(reason: "the service sent a minute of audio ahead"))
            socket?.close(code: 1009, reason: "")
        }
    }

    private func clear() {
        playback.clear(at: now, returnsMarks: media.returnsClearedMarks)
        message.removeAll(keepingCapacity: true)
        media.cleared(into: &message)
        send()
        report(.cleared)
    }

    private func echoMarks() {
        while let name = playback.takeDueMark() {
            message.removeAll(keepingCapacity: true)
            media.mark(name: name, into: &message)
            send()
        }
    }

    /// Samples at 8 kHz since the line was made.
    private var now: Int { Int((clock.now - began) / .microseconds(125)) }

    private func send(as kind: WebSocketMessageKind = .text) {
        let bytes = message
        guard !bytes.isEmpty else { return }
        _ = kind == .text ? socket?.send(text: bytes.span) : socket?.send(binary: bytes.span)
    }
}
