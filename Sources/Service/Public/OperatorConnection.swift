import AudioCore
import CallSession
import Foundation
import Networking
import Telephony

/// The browser of an operator who takes a call over: their microphone goes to the caller, the caller's voice to them.
///
/// Whatever ends the socket gives the line back to the agent.
final class OperatorConnection: WebSocketHandler, @unchecked Sendable {
    // @unchecked: the call holds it only to post to `loop`; everything else happens on that loop.
    private enum Stage {
        case handshake
        /// The call has been asked.
        case asked(CallSession, OperatorLeg)
        case over
    }

    private let line: MediaLine
    private let takeovers: Takeovers
    private let loop: EventLoop
    private var stage = Stage.handshake
    private var socket: WebSocket?
    private var deadline: LoopTimer?

    /// - Parameters:
    ///   - line: speaks the socket's dialect.
    ///   - loop: the socket's.
    init(line: MediaLine, takeovers: Takeovers, loop: EventLoop) {
        self.line = line
        self.takeovers = takeovers
        self.loop = loop
    }

    func opened(_ socket: WebSocket) {
        self.socket = socket
        deadline = loop.schedule(after: .seconds(5)) { [weak self] in
            guard let self, case .handshake = stage else { return }
            end(code: 1002, "no \"start\" within 5 seconds")
        }
    }

    func received(_ message: Span<UInt8>, kind: WebSocketMessageKind, on socket: WebSocket) {
        if case .over = stage { return }
        do {
            let event = try line.receive(message, kind == .text ? .text : .binary)
            send()
            switch event {
            case .started(let start): ask(start)
            case .media:
                while line.nextFrame() != nil {
                    guard case .asked(_, let leg) = stage else { continue }
                    leg.inlet.write(line.callerAudio.span)
                }
            case .stopped:
                letGo(wasLost: false)
                socket.close(code: 1000, reason: "")
            case .connected, .mark, .keyPressed, .complained, .ignored: break
            }
        } catch {
            letGo(wasLost: false)
            end(code: error.code == .unexpectedBinary ? 1003 : 1002, error.description)
        }
    }

    func closed(_ socket: WebSocket?, reason: WebSocketCloseReason) {
        deadline?.cancel()
        // A page that closes its socket has let go; one that is gone has not said so.
        letGo(wasLost: reason.code != 1000 && reason.code != 1001)
        stage = .over
        self.socket = nil
    }

    private func ask(_ start: MediaStart) {
        guard case .handshake = stage else { return }
        deadline?.cancel()
        let now = Duration.seconds(Date().timeIntervalSince1970)
        switch takeovers.redeem(call: start.callID, token: start.parameters["token"], now: now) {
        case .failure(let refusal): end(code: refusal.code, refusal.reason)
        case .success(let session):
            let loop = loop
            let leg = OperatorLeg(
                hear: { [weak self] audio in loop.post { [weak self] in self?.play(audio) } },
                end: { [weak self] reason in loop.post { [weak self] in self?.end(code: 1000, reason) } })
            stage = .asked(session, leg)
            session.takeOver(leg) { [weak self] refusal in
                loop.post { [weak self] in self?.answered(refusal, callID: session.id) }
            }
        }
    }

    private func answered(_ refusal: TakeoverRefusal?, callID: String) {
        switch refusal {
        case .taken: end(code: 1008, "another operator has the line")
        case .over: end(code: 1008, "the call is over")
        case nil:
            guard case .asked = stage else { return }
            line.write(.accept(callID: callID))
            send()
        }
    }

    private func play(_ audio: [UInt8]) {
        guard case .asked = stage else { return }
        line.write(audio: audio.span)
        send()
    }

    private func letGo(wasLost: Bool) {
        guard case .asked(let session, let leg) = stage else { return }
        stage = .over
        session.letGo(leg, wasLost: wasLost)
    }

    private func end(code: UInt16, _ reason: String) {
        guard let socket, socket.isOpen else { return }
        stage = .over
        line.write(.end(reason: reason))
        send()
        socket.close(code: code, reason: reason)
    }

    private func send() {
        // Who does not read is closed by the socket's own bound, and so gives the line back.
        line.drain { message, kind in
            switch kind {
            case .text: socket?.send(text: message)
            case .binary: socket?.send(binary: message)
            }
        }
    }
}
