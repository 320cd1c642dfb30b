import Callers
import Codecs
import Foundation
import Networking

/// An operator's page: takes a call over, says `lines` with a second between them, and hears what the caller says.
final class OperatorBrowser: WebSocketHandler, @unchecked Sendable {
    // @unchecked: made anywhere, used on its loop only, but for what `state` holds.
    struct State: Sendable {
        /// Control messages in order, as JSON texts.
        var messages: [String] = []
        /// What the caller said, µ-law at 8 kHz.
        var heard: [UInt8] = []
        var reason: String?
    }

    let state = Lock(State())
    private let start: String
    private let loop: EventLoop
    private var audio: [UInt8] = []
    private var spoken = 0
    private var isOn = false
    private var socket: WebSocket?
    private var beat: LoopTimer?

    init(_ invitation: [String: Any], saying lines: [String] = [], on loop: EventLoop) {
        let (call, token) = (invitation["call"] as? String ?? "", invitation["token"] as? String ?? "")
        start = #"{"event":"start","call":"\#(call)","token":"\#(token)","rate":8000}"#
        self.loop = loop
        for line in lines { audio += [UInt8](repeating: 0xFF, count: 4000) + SpokenClip.saying(line).audio }
        let url = invitation["url"] as? String ?? ""
        loop.post { loop.connect(WebSocketRequest(url: url), handler: self) }
    }

    /// Says that it is enough.
    func leave() { loop.post { self.socket?.send(text: Array(#"{"event":"hangup"}"#.utf8).span) } }

    /// Is gone: the socket ends without a closing handshake of its own.
    func cut() { loop.post { self.socket?.close(code: 1011, reason: "") } }

    /// Stays connected and says nothing more.
    func vanish() { loop.post { self.beat?.cancel() } }

    func opened(_ socket: WebSocket) {
        self.socket = socket
        socket.send(text: Array(start.utf8).span)
        beat = socket.loop.scheduleRepeating(every: .milliseconds(20)) { [weak self] _ in self?.tick() }
    }

    func received(_ message: Span<UInt8>, kind: WebSocketMessageKind, on socket: WebSocket) {
        let bytes = message.indices.map { message[$0] }
        guard kind == .text else {
            let codes = stride(from: 0, to: bytes.count - 1, by: 2).map {
                MuLaw.encode(Int16(bitPattern: UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8))
            }
            return state.withLock { $0.heard += codes }
        }
        let text = String(decoding: bytes, as: UTF8.self)
        if text.contains(#""event":"started""#) { isOn = true }
        state.withLock { $0.messages.append(text) }
    }

    private func tick() {
        guard isOn else { return }
        var frame = [UInt8](repeating: 0xFF, count: 160)
        let count = min(160, audio.count - spoken)
        frame.replaceSubrange(0..<count, with: audio[spoken..<spoken + count])
        spoken += count
        let bytes = frame.flatMap { code in
            let bits = UInt16(bitPattern: MuLaw.decode(code))
            return [UInt8(truncatingIfNeeded: bits), UInt8(bits >> 8)]
        }
        socket?.send(binary: bytes.span)
    }

    func closed(_ socket: WebSocket?, reason: WebSocketCloseReason) {
        beat?.cancel()
        self.socket = nil
        state.withLock { $0.reason = "\(reason)" }
    }
}
