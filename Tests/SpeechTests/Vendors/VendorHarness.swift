import AudioCore
import Emulators
import Logging
import Networking
import Speech

/// A client loop and a server loop with one emulated service, for the length of `body`.
func withService<Result>(
    _ service: any ListenerService, _ body: (_ url: String, _ loop: EventLoop) async throws -> Result
) async throws -> Result {
    let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
    let server = EventLoop(name: "emulator", logger: logger)
    let client = EventLoop(name: "client", logger: logger)
    try server.start()
    try client.start()
    do {
        // Room for a message of 10 MB.
        let limits = WebSocketLimits(sendQueueBytes: 16 << 20)
        let port = try await server.listen(ListenerConfiguration(webSocket: limits), service: service)
        let result = try await body("ws://127.0.0.1:\(port)", client)
        await client.shutdown()
        await server.shutdown()
        return result
    } catch {
        await client.shutdown()
        await server.shutdown()
        throw error
    }
}

extension EventLoop {
    /// Waits on the loop's own clock.
    func pause(_ duration: Duration) async {
        await withCheckedContinuation { done in
            post { self.schedule(after: duration) { done.resume() } }
        }
    }
}

extension Duration {
    var milliseconds: Double { self / .milliseconds(1) }
}
