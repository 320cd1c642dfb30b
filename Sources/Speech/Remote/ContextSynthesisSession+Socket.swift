import Logging
import Networking

/// What the socket reports, on the session's loop.
extension ContextSynthesisSession: WebSocketHandler {
    func opened(_ socket: WebSocket) {
        guard case .connecting = link else { return socket.close() }
        opened(on: socket)
    }

    func received(_ message: Span<UInt8>, kind: WebSocketMessageKind, on socket: WebSocket) {
        guard case .open(let current) = link, current === socket else { return }
        let read = kind == .text ? try? dialect.read(message) : dialect.readBinary(message, now: now)
        guard let message = read else {
            noted(.unreadable)
            if !hasToldUnreadable { logger.warning("The speech synthesizer sends what cannot be read") }
            hasToldUnreadable = true
            return
        }
        switch message {
        case .audio(let context, let audio, let isLast, let timing):
            if !audio.isEmpty { backoff.succeeded() }
            let id = number(of: context)
            if let id { note(timing, of: id, since: givenSamples(of: id)) }
            perform(contexts.received(id, audio: audio, isLast: isLast, now: now))
        case .timing(let context, let timing):
            if let id = number(of: context) { note(timing, of: id, since: 0) }
        case .contextFailed(let context, let error):
            let id = context.flatMap { number(of: $0) }
            perform(contexts.failed(id, error, now: now))
        case .failure(let error): lastWords = error
        case .other: break
        }
    }

    private func number(of context: String) -> Int? { context.hasPrefix("c") ? Int(context.dropFirst()) : nil }

    func closed(_ socket: WebSocket?, reason: WebSocketCloseReason) {
        switch link {
        case .connecting where socket == nil: break
        case .open(let current) where current === socket: break
        // Of a connection given up before.
        default: return
        }
        lost(
            SpeechError(
                reason, operation: dialect.operation, provider: dialect.provider, refusals: [1003, 1007, 1008]))
    }
}
