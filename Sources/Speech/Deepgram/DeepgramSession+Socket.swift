import Logging
import Networking

/// What the socket reports, on the session's loop.
extension DeepgramSession: WebSocketHandler {
    func opened(_ socket: WebSocket) {
        guard case .connecting = link else { return socket.close() }
        opened(on: socket)
    }

    func received(_ message: Span<UInt8>, kind: WebSocketMessageKind, on socket: WebSocket) {
        guard case .open(let current) = link, current === socket else { return }
        lastHeard = now
        guard kind == .text, let message = try? DeepgramMessage(message) else {
            unreadableCount += 1
            if unreadableCount == 1 { logger.warning("The speech recognizer sends what cannot be read") }
            return
        }
        switch message {
        case .results(let results):
            backoff.succeeded()
            perform(assembler.received(results))
            pump()
        case .error(let description):
            logger.warning("The speech recognizer did not accept a message", metadata: ["detail": "\(description)"])
        case .other: break
        }
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
                reason, operation: DeepgramConfiguration.operation, provider: DeepgramConfiguration.provider,
                // 1008 DATA-0000: the audio is not what we said it was.
                refusals: [1003, 1007, 1008]))
    }
}
