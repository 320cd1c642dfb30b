import Networking
import Testing

@Suite("WebSockets that are accepted")
struct WebSocketServerTests {
    typealias Frame = RawWebSocket.Frame

    private func withEcho<Result>(
        _ limits: WebSocketLimits = WebSocketLimits(), _ body: (EventLoop, Int) async throws -> Result
    ) async throws -> Result {
        try await withLoop { loop in
            let port = try await loop.listen(ListenerConfiguration(webSocket: limits), service: TestService.echo)
            return try await body(loop, port)
        }
    }

    @Test("the handshake is answered as RFC 6455 says")
    func handshake() async throws {
        try await withEcho { _, port in
            let socket = await RawWebSocket.open(port: port)
            #expect(socket.answer.hasPrefix("HTTP/1.1 101 "))
            // The example of RFC 6455 §1.3.
            #expect(socket.answer.contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="))
            #expect(!socket.answer.lowercased().contains("sec-websocket-protocol"))
            socket.close()
        }
    }

    // libwebsockets' own client takes 1012 to 1014 for an error of the protocol (1002); the wire has what was meant.
    @Test("a code to close with is on the wire as it was given", arguments: [1000, 1008, 1012, 1013, 4001] as [UInt16])
    func closeCode(code: UInt16) async throws {
        try await withLoop { loop in
            let service = TestService(open: { _, _ in
                .accept(RecordingHandler { $0.close(code: code, reason: "no call is taken now") }, subprotocol: nil)
            })
            let port = try await loop.listen(ListenerConfiguration(), service: service)
            var socket = await RawWebSocket.open(port: port)
            #expect(await socket.next() == .close(code, "no call is taken now"))
            socket.close()
        }
    }

    @Test(
        "a reason that is too long is cut between two characters",
        arguments: [
            (String(repeating: "x", count: 200), 123), (String(repeating: "é", count: 62), 122),
            (String(repeating: "漢", count: 42), 123), ("x" + String(repeating: "🦉", count: 31), 121),
        ])
    func longReason(reason: String, bytes: Int) async throws {
        try await withLoop { loop in
            let service = TestService(open: { _, _ in
                .accept(RecordingHandler { $0.close(code: 1008, reason: reason) }, subprotocol: nil)
            })
            let port = try await loop.listen(ListenerConfiguration(), service: service)
            var socket = await RawWebSocket.open(port: port)
            let frame = await socket.next()
            let text = try #require(frame.flatMap { String(validating: $0.payload.dropFirst(2), as: UTF8.self) })
            #expect(text.utf8.count == bytes && reason.hasPrefix(text))
            socket.close()
        }
    }

    @Test("fragments, with a ping between them, become one message")
    func fragments() async throws {
        try await withEcho { _, port in
            var socket = await RawWebSocket.open(port: port)
            socket.send(
                Frame(opcode: 1, isFinal: false, payload: Array("one ".utf8)),
                Frame(opcode: 9, payload: Array("hello".utf8)),
                Frame(opcode: 0, isFinal: false, payload: Array("two ".utf8)),
                Frame(opcode: 0, isFinal: true, payload: Array("three".utf8)))
            var frames = await [socket.next(), socket.next()]
            frames.sort { $0?.opcode ?? 0 < $1?.opcode ?? 0 }
            #expect(frames == [.text("one two three"), Frame(opcode: 10, payload: Array("hello".utf8))])
            socket.close()
        }
    }

    @Test("a large message in many fragments comes back in one piece", arguments: [1, 7, 100, 5000])
    func manyFragments(size: Int) async throws {
        try await withEcho { _, port in
            var socket = await RawWebSocket.open(port: port)
            let message = (0..<20_000).map { UInt8(truncatingIfNeeded: $0) }
            var frames: [UInt8] = []
            for start in stride(from: 0, to: message.count, by: size) {
                let end = min(start + size, message.count)
                frames +=
                    Frame(
                        opcode: start == 0 ? 2 : 0, isFinal: end == message.count, payload: Array(message[start..<end])
                    )
                    .bytes
            }
            socket.connection.send(frames)
            #expect(await socket.next() == Frame(opcode: 2, payload: message))
            socket.close()
        }
    }

    @Test("messages that arrive together, or cut anywhere, stay in order", arguments: [1, 3, 1000, 4096, 1 << 20])
    func burst(piece: Int) async throws {
        try await withEcho { _, port in
            var socket = await RawWebSocket.open(port: port)
            let messages = (0..<300).map { Frame.text("message \($0) " + String(repeating: "x", count: $0 * 3)) }
            let bytes = messages.flatMap(\.bytes)
            // On its own thread, because the echoes must be read while this is written.
            let connection = socket.connection
            async let writer: Void = onThread {
                for start in stride(from: 0, to: bytes.count, by: piece) {
                    connection.send(Array(bytes[start..<min(start + piece, bytes.count)]))
                }
            }
            for message in messages { #expect(await socket.next() == message) }
            await writer
            socket.close()
        }
    }

    @Test("a message above the limit closes with 1009, however it is cut", arguments: [true, false])
    func tooLarge(isFragmented: Bool) async throws {
        try await withEcho(WebSocketLimits(maximumMessageBytes: 10_000)) { loop, port in
            var socket = await RawWebSocket.open(port: port)
            if isFragmented {
                let half = [UInt8](repeating: 1, count: 5001)
                socket.send(Frame(opcode: 2, isFinal: false, payload: half), Frame(opcode: 0, payload: half))
            } else {
                socket.send(Frame(opcode: 2, payload: [UInt8](repeating: 1, count: 10_001)))
            }
            let frame = await socket.next()
            #expect(frame?.opcode == 8)
            #expect(frame?.payload.prefix(2) == [UInt8(1009 >> 8), UInt8(1009 & 255)])
            socket.close()
            #expect(loop.metrics.oversizedMessages == 1)
            #expect(loop.metrics.messagesReceived == 0)
        }
    }

    @Test("a message of exactly the limit passes")
    func atLimit() async throws {
        try await withEcho(WebSocketLimits(maximumMessageBytes: 10_000)) { _, port in
            var socket = await RawWebSocket.open(port: port)
            let message = Frame(opcode: 2, payload: [UInt8](repeating: 1, count: 10_000))
            socket.send(message)
            #expect(await socket.next() == message)
            socket.close()
        }
    }

    @Test(
        "frames that break the protocol close with 1002 or 1007",
        arguments: [
            (Frame(opcode: 3, payload: []), 1002),
            (Frame(opcode: 0, payload: [1]), 1002),
            (Frame(opcode: 9, isFinal: false, payload: []), 1002),
            (Frame(opcode: 1, payload: [0xC3, 0x28]), 1007),
        ] as [(Frame, Int)])
    func violations(frame: Frame, code: Int) async throws {
        try await withEcho { _, port in
            var socket = await RawWebSocket.open(port: port)
            socket.send(frame)
            let answer = await socket.next()
            #expect(answer?.opcode == 8)
            #expect(answer?.payload.prefix(2) == [UInt8(code >> 8), UInt8(code & 255)])
            socket.close()
        }
    }

    @Test("a peer that never reads fills only its own queue, and is closed")
    func neverReads() async throws {
        let limits = WebSocketLimits(sendQueueBytes: 100_000, closeTimeout: .milliseconds(300))
        try await withLoop { loop in
            let handler = RecordingHandler { socket in
                let message = [UInt8](repeating: 5, count: 10_000)
                var accepted = 0
                while socket.send(binary: message.span) == .queued {
                    accepted += 1
                    #expect(socket.queuedBytes <= 100_000)
                    guard accepted < 10_000 else { break }
                }
                #expect(accepted < 10_000)
                #expect(socket.send(binary: message.span) == .closed)
                #expect(socket.queuedBytes <= 100_000)
            }
            let service = TestService(open: { _, _ in .accept(handler, subprotocol: nil) })
            let port = try await loop.listen(ListenerConfiguration(webSocket: limits), service: service)
            let socket = await RawWebSocket.open(port: port)
            var events = handler.events.makeAsyncIterator()
            #expect(await events.next() == .opened)
            #expect(await events.next() == .closed(hadSocket: true, .local(code: 1013, reason: "too slow")))
            #expect(loop.metrics.queueOverflows == 1)
            #expect(loop.metrics.timeouts == 1)
            socket.close()
        }
    }

    @Test("with the refusing policy a full queue refuses and the socket lives on")
    func refusingPolicy() async throws {
        let limits = WebSocketLimits(sendQueueBytes: 100_000, overflow: .refuse)
        try await withLoop { loop in
            let handler = RecordingHandler { socket in
                let message = [UInt8](repeating: 5, count: 10_000)
                var accepted = 0
                while socket.send(binary: message.span) == .queued, accepted < 10_000 { accepted += 1 }
                #expect(accepted < 10_000)
                #expect(socket.isOpen)
                let count = accepted
                // Told in a place of its own, so that the reader knows how much to expect.
                socket.loop.post { socket.close(code: 1000, reason: "\(count)") }
            }
            let service = TestService(open: { _, _ in .accept(handler, subprotocol: nil) })
            let port = try await loop.listen(ListenerConfiguration(webSocket: limits), service: service)
            var socket = await RawWebSocket.open(port: port)
            var messages = 0
            while let frame = await socket.next() {
                if frame.opcode == 8 {
                    #expect(String(decoding: frame.payload.dropFirst(2), as: UTF8.self) == "\(messages)")
                    break
                }
                #expect(frame.payload.count == 10_000)
                messages += 1
            }
            #expect(messages > 0)
            socket.close()
        }
    }

    @Test("an agreed subprotocol is named, an accepted absence is not, and one not offered is answered 400")
    func subprotocols() async throws {
        try await withLoop { loop in
            let service = TestService(open: { request, _ in
                switch request.path {
                case "/second": .accept(EchoHandler(), subprotocol: request.subprotocols[1])
                case "/none": .accept(EchoHandler(), subprotocol: nil)
                default: .accept(EchoHandler(), subprotocol: "other")
                }
            })
            let port = try await loop.listen(ListenerConfiguration(), service: service)
            let offer = ["Sec-WebSocket-Protocol: first, second"]
            let second = await RawWebSocket.open(port: port, path: "/second", headers: offer)
            #expect(second.answer.hasPrefix("HTTP/1.1 101 "))
            #expect(second.answer.lowercased().contains("sec-websocket-protocol: second\r\n"))
            let none = await RawWebSocket.open(port: port, path: "/none", headers: offer)
            #expect(none.answer.hasPrefix("HTTP/1.1 101 "))
            #expect(!none.answer.lowercased().contains("sec-websocket-protocol"))
            let other = await RawWebSocket.open(port: port, path: "/other", headers: offer)
            #expect(other.answer.hasPrefix("HTTP/1.1 400 "))
            for socket in [second, none, other] { socket.close() }
        }
    }

    @Test("a refused upgrade is an ordinary answer, and the connection goes on")
    func refusal() async throws {
        try await withLoop { loop in
            let service = TestService(open: { request, _ in
                request.path == "/yes" ? .accept(EchoHandler(), subprotocol: nil) : .refuse(.text("no", status: 403))
            })
            let port = try await loop.listen(ListenerConfiguration(), service: service)
            let refused = await RawWebSocket.open(port: port, path: "/no")
            #expect(refused.answer.hasPrefix("HTTP/1.1 403 Forbidden\r\n"))
            #expect(refused.answer.contains("keep-alive"))
            refused.close()
        }
    }

    @Test(
        "handshakes that lack something are told what",
        arguments: [
            (
                "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n\r\n",
                400
            ),
            (
                "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 8\r\n"
                    + "Sec-WebSocket-Key: \(RawWebSocket.key)\r\n\r\n", 426
            ),
            (
                "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                    + "Sec-WebSocket-Key: \(RawWebSocket.key)\r\n\r\n", 400
            ),
            (
                "POST / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                    + "Sec-WebSocket-Key: \(RawWebSocket.key)\r\n\r\n", 405
            ),
            ("\u{16}\u{3}\u{1} garbage\r\n\r\n", 400),
            ("\0\0\0\0\r\n\r\n", 400),
        ])
    func badHandshakes(request: String, status: Int) async throws {
        try await withEcho { loop, port in
            let connection = connectPlain(port: port)
            connection.send(request)
            #expect(await onThread { connection.receiveHead() }.hasPrefix("HTTP/1.1 \(status) "))
            #expect(loop.metrics.badRequests == 1)
            connection.close()
            // Others are served all the same.
            let socket = await RawWebSocket.open(port: port)
            #expect(socket.answer.hasPrefix("HTTP/1.1 101 "))
            socket.close()
        }
    }

    @Test("a close from the peer is answered and reported with its code")
    func peerCloses() async throws {
        try await withLoop { loop in
            let handler = RecordingHandler()
            let service = TestService(open: { _, _ in .accept(handler, subprotocol: nil) })
            let port = try await loop.listen(ListenerConfiguration(), service: service)
            var socket = await RawWebSocket.open(port: port)
            socket.send(.close(4001, "enough"))
            #expect(await socket.next() == .close(4001, "enough"))
            #expect(await socket.next() == nil)
            var events = handler.events.makeAsyncIterator()
            #expect(await events.next() == .opened)
            #expect(await events.next() == .closed(hadSocket: true, .peer(code: 4001, reason: "enough")))
            socket.close()
        }
    }

    @Test("our close goes out after what was sent before it, and is reported as ours")
    func weClose() async throws {
        try await withLoop { loop in
            let handler = RecordingHandler { socket in
                socket.send(text: Array("last words".utf8).span)
                socket.close(code: 4002, reason: "done")
                #expect(socket.send(text: Array("too late".utf8).span) == .closed)
            }
            let service = TestService(open: { _, _ in .accept(handler, subprotocol: nil) })
            let port = try await loop.listen(ListenerConfiguration(), service: service)
            var socket = await RawWebSocket.open(port: port)
            #expect(await socket.next() == .text("last words"))
            #expect(await socket.next() == .close(4002, "done"))
            socket.send(.close(4002))
            #expect(await socket.next() == nil)
            var events = handler.events.makeAsyncIterator()
            #expect(await events.next() == .opened)
            #expect(await events.next() == .closed(hadSocket: true, .local(code: 4002, reason: "done")))
            socket.close()
        }
    }

    @Test("a connection that breaks is reported as a failure")
    func breaks() async throws {
        try await withLoop { loop in
            let handler = RecordingHandler()
            let service = TestService(open: { _, _ in .accept(handler, subprotocol: nil) })
            let port = try await loop.listen(ListenerConfiguration(), service: service)
            let socket = await RawWebSocket.open(port: port)
            socket.close()
            var events = handler.events.makeAsyncIterator()
            #expect(await events.next() == .opened)
            guard case .closed(hadSocket: true, .failure(let error)) = await events.next() else {
                Issue.record("no failure was reported")
                return
            }
            #expect(error.code == .connectionLost)
        }
    }

    @Test("an idle peer is pinged, stays while it answers, and is closed with 1001 when it does not")
    func pingsAndIdle() async throws {
        let limits = WebSocketLimits(
            pingInterval: .milliseconds(100), idleTimeout: .milliseconds(900), closeTimeout: .milliseconds(200))
        try await withEcho(limits) { loop, port in
            var socket = await RawWebSocket.open(port: port)
            let ping = await socket.next()
            #expect(ping?.opcode == 9)
            socket.send(Frame(opcode: 10, payload: ping?.payload ?? []))
            #expect(await socket.next()?.opcode == 9)
            var last = await socket.next()
            while last?.opcode == 9 { last = await socket.next() }
            #expect(last == .close(1001, "idle"))
            #expect(loop.metrics.timeouts >= 1)
            socket.close()
        }
    }

    @Test("a flood of pings whose answers nobody reads holds nobody up, and piles no answers up")
    func pingFlood() async throws {
        try await withEcho { loop, port in
            var socket = await RawWebSocket.open(port: port)
            let pings = Array(repeatElement(Frame(opcode: 9, payload: [UInt8](repeating: 7, count: 125)), count: 100))
            let (burst, end) = (pings.flatMap(\.bytes), Frame.text("done").bytes)
            let connection = socket.connection
            async let flood: Void = onThread {
                for _ in 0..<200 { connection.send(burst) }
                connection.send(end)
            }
            var other = await RawWebSocket.open(port: port)
            for number in 0..<20 {
                let message = Frame.text("message \(number)")
                other.send(message)
                #expect(await other.next() == message)
            }
            other.close()
            // One answer waits at a time: of pings that come meanwhile the newest is answered, or none (RFC 6455, 5.5.3).
            var pongs = 0
            var frame = await socket.next()
            while frame?.opcode == 10 {
                pongs += 1
                frame = await socket.next()
            }
            await flood
            #expect(frame == .text("done"))
            #expect((1...20_000).contains(pongs), "\(pongs)")
            // The answers are the library's: what we queue is as it was.
            #expect(loop.metrics.queueOverflows == 0)
            socket.close()
        }
    }

    @Test("connections above the limit are answered 503")
    func connectionLimit() async throws {
        try await withLoop(EventLoopConfiguration(maximumConnections: 1)) { loop in
            let port = try await loop.listen(ListenerConfiguration(), service: TestService.echo)
            var first = await RawWebSocket.open(port: port)
            let second = await RawWebSocket.open(port: port)
            #expect(second.answer.hasPrefix("HTTP/1.1 503 ") || second.answer.isEmpty)
            #expect(loop.metrics.refused == 1)
            second.close()
            first.send(.text("still here"))
            #expect(await first.next() == .text("still here"))
            first.close()
        }
    }

    @Test("several loops serve one port")
    func sharedPort() async throws {
        try await withLoop { one in
            try await withLoop { two in
                let port = try await one.listen(ListenerConfiguration(sharesPort: true), service: TestService.echo)
                let same = try await two.listen(
                    ListenerConfiguration(port: port, sharesPort: true), service: TestService.echo)
                #expect(same == port)
                while one.metrics.webSockets == 0 || two.metrics.webSockets == 0 {
                    var socket = await RawWebSocket.open(port: port)
                    socket.send(.text("x"))
                    #expect(await socket.next() == .text("x"))
                }
            }
        }
    }

    @Test("a port that is taken is an error that says so, and a stopped listener takes nobody")
    func listening() async throws {
        try await withLoop { loop in
            let port = try await loop.listen(ListenerConfiguration(), service: TestService.echo)
            do {
                _ = try await loop.listen(ListenerConfiguration(port: port), service: TestService.echo)
                Issue.record("the port was taken twice")
            } catch let error as NetworkError {
                #expect(error.code == .unavailable)
                #expect(error.description.contains("127.0.0.1:\(port)"))
            }
            await loop.stopListening(port: port)
            #expect(await RawWebSocket.open(port: port).answer == "")
            #expect(try await loop.listen(ListenerConfiguration(port: port), service: TestService.echo) == port)
        }
    }
}
