import Networking
import Testing

@Suite("WebSockets, both ends on our own loop")
struct EchoTests {
    @Test("a message comes back whole", arguments: [0, 1, 125, 126, 4000, 4096, 65_535, 65_536, 200_000])
    func echo(size: Int) async throws {
        try await withLoop { loop in
            let port = try await loop.listen(ListenerConfiguration(), service: TestService.echo)
            let message = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            let handler = RecordingHandler { $0.send(binary: message.span) }
            loop.connect(WebSocketRequest(url: "ws://127.0.0.1:\(port)/"), handler: handler)
            var events = handler.events.makeAsyncIterator()
            let first = await events.next()
            #expect(first == .opened)
            #expect(await events.next() == .message(message, .binary))
        }
    }
}
