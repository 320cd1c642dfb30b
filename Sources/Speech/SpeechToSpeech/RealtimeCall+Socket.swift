import Logging
package import Networking
import Synchronization

/// What the socket reports, on the call's loop.
extension RealtimeCall: WebSocketHandler {
    package func opened(_ socket: WebSocket) {
        guard case .connecting? = link else { return socket.close() }
        opened(on: socket)
    }

    package func received(_ message: Span<UInt8>, kind: WebSocketMessageKind, on socket: WebSocket) {
        guard case .open(let current)? = link, current === socket else { return }
        guard kind == .text || conversation.dialect.takesBinary,
            let events = try? conversation.dialect.read(message, now: now)
        else {
            unreadableCount += 1
            counters.unreadable.wrappingAdd(1, ordering: .relaxed)
            if unreadableCount == 1 { logger.warning("The speech-to-speech vendor sends what cannot be read") }
            return
        }
        for event in events {
            if case .responseCreated = event { backoff.succeeded() }
            perform(conversation.received(event, now: now))
        }
        // What waits for the vendor without an event has its deadline.
        if events.isEmpty { perform([]) }
    }

    package func closed(_ socket: WebSocket?, reason: WebSocketCloseReason) {
        switch link {
        case .connecting? where socket == nil: break
        case .open(let current)? where current === socket: break
        // Of a connection given up before.
        default: return
        }
        lost(conversation.dialect.error(of: reason))
    }
}
