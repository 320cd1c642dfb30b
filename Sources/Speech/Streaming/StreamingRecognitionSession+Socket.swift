import Logging
import Networking

/// What the socket reports, on the session's loop.
extension StreamingRecognitionSession: WebSocketHandler {
    func opened(_ socket: WebSocket) {
        guard case .connecting = link else { return socket.close() }
        opened(on: socket)
    }

    func received(_ message: Span<UInt8>, kind: WebSocketMessageKind, on socket: WebSocket) {
        guard case .open(let current) = link, current === socket else { return }
        lastHeard = now
        guard kind == .text, let replies = try? dialect.read(message, sent: sent) else {
            noted(.unreadable)
            if !hasToldUnreadable { logger.warning("The speech recognizer sends what cannot be read") }
            hasToldUnreadable = true
            return
        }
        for reply in replies {
            switch reply {
            case .segment(let segment):
                backoff.succeeded()
                perform(assembler.received(segment))
            case .ready: becomeReady()
            case .complaint(let words):
                logger.warning("The speech recognizer did not accept a message", metadata: ["detail": "\(words)"])
            case .failure(let error):
                socket.close(code: 1000)
                return lost(error)
            }
        }
        if !replies.isEmpty { pump() }
    }

    func closed(_ socket: WebSocket?, reason: WebSocketCloseReason) {
        switch link {
        case .connecting where socket == nil: break
        case .open(let current) where current === socket: break
        // Of a connection given up before.
        default: return
        }
        lost(
            SpeechError(
                reason, operation: dialect.operation, provider: dialect.provider, refusals: dialect.refusals,
                denials: dialect.denials))
    }
}
