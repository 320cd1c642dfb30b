import Networking
import Testing

@Suite("Floods of pings that nobody reads the answers of")
struct PingFloodTests {
    @Test("they take no memory, and are no sign of life: who sends nothing else is closed as idle, and cut")
    func unread() async throws {
        let limits = WebSocketLimits(
            pingInterval: .milliseconds(300), idleTimeout: .milliseconds(900), closeTimeout: .milliseconds(200))
        try await withLoop { loop in
            let handler = RecordingHandler()
            let service = TestService(open: { _, _ in .accept(handler, subprotocol: nil) })
            let port = try await loop.listen(ListenerConfiguration(webSocket: limits), service: service)
            let socket = await RawWebSocket.open(port: port)
            let ping = RawWebSocket.Frame(opcode: 9, payload: [UInt8](repeating: 7, count: 125))
            let burst = Array(repeatElement(ping, count: 100)).flatMap(\.bytes)
            let connection = socket.connection
            let before = try #require(ResidentMemory.bytes)
            // 650 MB, or until the server has had enough: then what is left fails at once.
            async let flood: Void = onThread { for _ in 0..<50_000 { connection.send(burst) } }
            var most = before
            for _ in 0..<8 {
                try await Task.sleep(for: .milliseconds(100))
                most = max(most, ResidentMemory.bytes ?? before)
            }
            var events = handler.events.makeAsyncIterator()
            #expect(await events.next() == .opened)
            #expect(await events.next() == .closed(hadSocket: true, .local(code: 1001, reason: "idle")))
            await flood
            #expect(most - before < 32 << 20, "\(before) bytes, then \(most)")
            #expect(loop.metrics.queueOverflows == 0)
            #expect(loop.metrics.timeouts >= 1)
            socket.close()
        }
    }
}
