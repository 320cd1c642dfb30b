import Agent
package import Networking
package import Telephony

/// One media socket: from the handshake of the dialect to the end of the call.
///
/// Until `start` has been accepted nobody is on the line and anything odd closes the socket; afterwards the call decides.
/// Confined to its loop's thread.
package final class MediaConnection {
    /// Who answers a stream, or why nobody does.
    package typealias Admission = (MediaStart) -> Result<CallPlan, MediaRefusal>

    private enum Stage {
        case handshake
        case call(CallSession)
        case over
    }

    private let admit: Admission
    private let services: CallServices
    private let ticker: MediaTicker
    private let began: (CallSession) -> Void
    private let refused: (MediaRefusal) -> Void
    private let line: MediaLine
    private var stage = Stage.handshake
    private var deadline: LoopTimer?

    /// - Parameters:
    ///   - line: speaks the socket's dialect.
    ///   - admit: asked once, on the loop, with the stream's own description.
    ///   - began: told of the session before its first event.
    ///   - refused: told why a connection was closed before a call began.
    package init(
        line: MediaLine, services: CallServices, ticker: MediaTicker, admit: @escaping Admission,
        began: @escaping (CallSession) -> Void,
        refused: @escaping (MediaRefusal) -> Void
    ) {
        self.line = line
        self.services = services
        self.ticker = ticker
        self.admit = admit
        self.began = began
        self.refused = refused
    }

    func opened(on socket: any MessageSocket) {
        deadline = socket.loop.schedule(after: .seconds(5)) { [weak self] in
            guard let self, case .handshake = stage else { return }
            refuse(MediaRefusal(code: 1002, reason: "no \"start\" within 5 seconds"), socket)
        }
    }

    func received(_ message: Span<UInt8>, _ kind: MediaMessageKind, on socket: any MessageSocket) {
        switch stage {
        case .call(let session): session.enter(received: message, kind)
        case .handshake:
            do {
                let event = try line.receive(message, kind)
                answer(on: socket)
                switch event {
                case .started(let start): begin(start, socket)
                case .stopped:
                    // A connection that was only tried.
                    stage = .over
                    socket.close(code: 1000, reason: "")
                default: break
                }
            } catch {
                let code: UInt16 = error.code == .unexpectedBinary ? 1003 : 1002
                refuse(MediaRefusal(code: code, reason: error.description), socket)
            }
        case .over: break
        }
    }

    func closed(_ reason: WebSocketCloseReason) {
        deadline?.cancel()
        switch stage {
        case .call(let session): session.assumeIsolated { $0.lineLost(reason) }
        // Ours would have been told already: the peer left, or broke a limit of the socket.
        case .handshake: refused(MediaRefusal(code: reason.code, reason: "before \"start\": \(reason)"))
        case .over: break
        }
        stage = .over
    }

    private func begin(_ start: MediaStart, _ socket: any MessageSocket) {
        switch admit(start) {
        case .failure(let refusal): refuse(refusal, socket)
        case .success(let plan):
            deadline?.cancel()
            let session = CallSession(
                line: line, socket: socket, ticker: ticker, plan: plan, services: services)
            stage = .call(session)
            began(session)
            session.assumeIsolated { $0.begin() }
        }
    }

    /// Closes a socket that did not become a call.
    func refuse(_ refusal: MediaRefusal, _ socket: any MessageSocket) {
        stage = .over
        refused(refusal)
        line.write(.end(reason: refusal.reason))
        answer(on: socket)
        socket.close(code: refusal.code, reason: refusal.reason)
    }

    private func answer(on socket: any MessageSocket) {
        line.drain { reply, kind in _ = kind == .text ? socket.send(text: reply) : socket.send(binary: reply) }
    }
}

extension MediaConnection: WebSocketHandler {
    package func opened(_ socket: WebSocket) { opened(on: socket) }

    package func received(_ message: Span<UInt8>, kind: WebSocketMessageKind, on socket: WebSocket) {
        received(message, kind == .text ? .text : .binary, on: socket)
    }

    package func closed(_ socket: WebSocket?, reason: WebSocketCloseReason) { closed(reason) }
}

/// Why a media socket did not become a call.
package struct MediaRefusal: Error, Sendable, Equatable {
    /// RFC 6455 close code.
    package var code: UInt16
    /// At most 123 bytes reach the peer.
    package var reason: String

    package init(code: UInt16, reason: String) {
        self.code = code
        self.reason = reason
    }
}
