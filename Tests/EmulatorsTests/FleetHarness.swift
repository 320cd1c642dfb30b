import Emulators
import Logging
import Networking

let quietLogger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

/// The emulated vendors, for the length of `body`.
func withFleet<Result>(
    _ configuration: EmulatorFleet.Configuration = .init(),
    _ body: (EmulatorFleet, EmulatorFleet.Addresses) async throws -> Result
) async throws -> Result {
    let fleet = EmulatorFleet(configuration, logger: quietLogger)
    let addresses = try await fleet.start()
    do {
        let result = try await body(fleet, addresses)
        await fleet.shutdown()
        return result
    } catch {
        await fleet.shutdown()
        throw error
    }
}

/// A WebSocket client whose events a test can await.
final class TestSocket: WebSocketHandler, Sendable {
    enum Event: Sendable, Equatable {
        case opened
        case text(String)
        case closed(UInt16, String)
        case refused(Int?)
    }

    private let loop: EventLoop
    private let stream: AsyncStream<Event>
    private let continuation: AsyncStream<Event>.Continuation
    private let outbox: AsyncStream<WebSocket>
    private let outboxContinuation: AsyncStream<WebSocket>.Continuation

    /// Opens one on a loop of its own.
    init(_ url: String, headers: [(String, String)] = []) throws {
        (stream, continuation) = AsyncStream.makeStream()
        (outbox, outboxContinuation) = AsyncStream.makeStream()
        loop = EventLoop(name: "test", logger: quietLogger)
        try loop.start()
        loop.connect(WebSocketRequest(url: url, headers: headers), handler: self)
    }

    func opened(_ socket: WebSocket) {
        continuation.yield(.opened)
        outboxContinuation.yield(socket)
        outboxContinuation.finish()
    }

    func received(_ message: Span<UInt8>, kind: WebSocketMessageKind, on socket: WebSocket) {
        let bytes = unsafe message.withUnsafeBufferPointer { unsafe Array($0) }
        continuation.yield(.text(String(decoding: bytes, as: UTF8.self)))
    }

    func closed(_ socket: WebSocket?, reason: WebSocketCloseReason) {
        switch reason {
        case .peer(let code, let text), .local(let code, let text): continuation.yield(.closed(code, text))
        case .failure(let error): continuation.yield(.refused(error.status))
        }
        continuation.finish()
        outboxContinuation.finish()
    }

    /// Sends on an open socket, in order.
    struct Outbox: Sendable {
        fileprivate let socket: WebSocket

        func send(_ text: String) {
            let socket = socket
            socket.loop.post { socket.send(text: text.utf8Span.span) }
        }

        func send(_ audio: [UInt8]) {
            let socket = socket
            socket.loop.post { socket.send(binary: audio.span) }
        }
    }

    /// Waits for the socket to open, and ends with the loop.
    func use(_ body: (Outbox) async throws -> Void) async throws {
        for await socket in outbox { try await body(Outbox(socket: socket)) }
        await loop.shutdown()
    }

    /// Events until the socket ends.
    var events: AsyncStream<Event> { stream }

    /// The next message that contains `part`; nil if the socket ends before.
    func next(containing part: String) async -> String? {
        for await event in stream {
            if case .text(let text) = event, text.contains(part) { return text }
        }
        return nil
    }

    /// How it ended, after every message.
    func end() async -> Event? {
        for await event in stream {
            switch event {
            case .closed, .refused: return event
            case .opened, .text: continue
            }
        }
        return nil
    }
}
