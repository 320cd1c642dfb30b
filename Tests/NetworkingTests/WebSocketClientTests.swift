import Networking
import Testing

@Suite("WebSockets that are opened")
struct WebSocketClientTests {
    /// The event after which nothing comes.
    private func outcome(_ request: WebSocketRequest, on loop: EventLoop) async -> RecordingHandler.Event? {
        let handler = RecordingHandler()
        loop.connect(request, handler: handler)
        var last: RecordingHandler.Event?
        for await event in handler.events { last = event }
        return last
    }

    private func failure(_ request: WebSocketRequest, on loop: EventLoop) async -> NetworkError? {
        guard case .closed(hadSocket: false, .failure(let error)) = await outcome(request, on: loop) else { return nil }
        return error
    }

    @Test("headers, path, query and subprotocols reach the server")
    func request() async throws {
        try await withLoop { loop in
            let (requests, continuation) = AsyncStream<HTTPRequest>.makeStream()
            let service = TestService(open: { request, _ in
                continuation.yield(request)
                return .accept(EchoHandler(), subprotocol: "v2")
            })
            let port = try await loop.listen(ListenerConfiguration(), service: service)
            let handler = RecordingHandler { $0.close() }
            loop.connect(
                WebSocketRequest(
                    url: "ws://127.0.0.1:\(port)/v1/listen?model=a%20b&x=1",
                    headers: [("Authorization", "Token secret"), ("X-Empty", "")], subprotocols: ["v1", "v2"]),
                handler: handler)
            for await request in requests {
                #expect(request.path == "/v1/listen")
                #expect(request.query == "model=a%20b&x=1")
                #expect(request[header: "authorization"] == "Token secret")
                #expect(request[header: "host"] == "127.0.0.1:\(port)")
                #expect(request.subprotocols == ["v1", "v2"])
                #expect(request.remoteAddress == "127.0.0.1")
                break
            }
            var events = handler.events.makeAsyncIterator()
            let first = await events.next()
            #expect(first == .opened)
            #expect(await events.next() == .closed(hadSocket: true, .local(code: 1000, reason: "")))
        }
    }

    @Test("a host name is looked up off the loop")
    func hostName() async throws {
        try await withLoop { loop in
            let port = try await loop.listen(ListenerConfiguration(), service: TestService.echo)
            let handler = RecordingHandler { $0.close(code: 1000) }
            loop.connect(WebSocketRequest(url: "ws://localhost:\(port)/"), handler: handler)
            var events = handler.events.makeAsyncIterator()
            let first = await events.next()
            #expect(first == .opened)
        }
    }

    @Test(
        "what cannot work fails once, with its reason",
        arguments: [
            ("ws://127.0.0.1:1/", NetworkError.Code.connectFailed),
            ("ws://name.invalid/", .nameNotResolved),
            ("http://127.0.0.1/", .invalidArgument),
            ("ws://", .invalidArgument),
            ("ws://127.0.0.1:99999/", .invalidArgument),
        ])
    func failures(url: String, code: NetworkError.Code) async throws {
        try await withLoop { loop in
            #expect(await failure(WebSocketRequest(url: url), on: loop)?.code == code)
        }
    }

    @Test("a refusal carries its status, and only a server's trouble is worth another try", arguments: [401, 403, 503])
    func refusal(status: Int) async throws {
        try await withLoop { loop in
            let service = TestService(open: { _, _ in .refuse(.status(status)) })
            let port = try await loop.listen(ListenerConfiguration(), service: service)
            let error = await failure(WebSocketRequest(url: "ws://127.0.0.1:\(port)/x?token=secret"), on: loop)
            #expect(error?.code == .refused)
            #expect(error?.status == status)
            #expect(error?.isRetryable == (status == 503))
            #expect(error?.description.contains("secret") == false)
        }
    }

    @Test("a server that never answers ends with the open deadline")
    func silentServer() async throws {
        let server = ScriptedServer { $0.waitForEnd() }
        try await withLoop { loop in
            let error = await failure(
                WebSocketRequest(url: "ws://127.0.0.1:\(server.port)/", openTimeout: .milliseconds(200)), on: loop)
            #expect(error?.code == .deadlineExceeded)
            // libwebsockets lets go of it a moment later.
            while loop.metrics.connections > 0 { await Task.yield() }
        }
    }

    @Test("a server that is full ends with the open deadline")
    func fullServer() async throws {
        let listener = FullListener()
        try await withLoop { loop in
            let error = await failure(
                WebSocketRequest(url: "ws://127.0.0.1:\(listener.port)/", openTimeout: .milliseconds(200)), on: loop)
            #expect(error?.code == .deadlineExceeded)
        }
    }

    @Test(
        "a server that speaks something else is reported",
        arguments: ["HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "220 mail.example.com ESMTP\r\n", ""])
    func otherProtocol(answer: String) async throws {
        let server = ScriptedServer { connection in
            connection.receiveHead()
            connection.send(answer)
        }
        try await withLoop { loop in
            let error = await failure(WebSocketRequest(url: "ws://127.0.0.1:\(server.port)/"), on: loop)
            #expect(error != nil)
            if answer.hasPrefix("HTTP") { #expect(error?.code == .refused) }
        }
    }

    @Test("a header that would break out of its line is refused")
    func headerInjection() async throws {
        try await withLoop { loop in
            let request = WebSocketRequest(url: "ws://127.0.0.1:1/", headers: [("X", "a\r\nY: b")])
            #expect(await failure(request, on: loop)?.code == .invalidArgument)
        }
    }

    @Test("a message above the limit closes the connection with 1009", arguments: [2000, 10_000_000])
    func tooLarge(bytes: Int) async throws {
        try await withLoop { loop in
            let service = TestService(open: { _, _ in
                .accept(
                    RecordingHandler { socket in
                        socket.send(binary: [UInt8](repeating: 0, count: bytes).span)
                    }, subprotocol: nil)
            })
            let limits = WebSocketLimits(sendQueueBytes: 20_000_000)
            let port = try await loop.listen(
                ListenerConfiguration(webSocket: limits), service: service)
            let request = WebSocketRequest(
                url: "ws://127.0.0.1:\(port)/", limits: WebSocketLimits(maximumMessageBytes: 1000))
            #expect(
                await outcome(request, on: loop)
                    == .closed(hadSocket: true, .local(code: 1009, reason: "message too large")))
        }
    }

    @Test("a close from the server is reported with its code")
    func serverCloses() async throws {
        try await withLoop { loop in
            let service = TestService(open: { _, _ in
                .accept(RecordingHandler { $0.close(code: 4000, reason: "bye") }, subprotocol: nil)
            })
            let port = try await loop.listen(ListenerConfiguration(), service: service)
            #expect(
                await outcome(WebSocketRequest(url: "ws://127.0.0.1:\(port)/"), on: loop)
                    == .closed(hadSocket: true, .peer(code: 4000, reason: "bye")))
        }
    }

    @Test("shutting down tells connections on their way that they were cancelled")
    func shutdownWhileConnecting() async throws {
        let server = ScriptedServer { $0.waitForEnd() }
        let handler = RecordingHandler()
        try await withLoop { loop in
            loop.connect(WebSocketRequest(url: "ws://127.0.0.1:\(server.port)/"), handler: handler)
            _ = await loop.run { true }
        }
        var events = handler.events.makeAsyncIterator()
        guard case .closed(hadSocket: false, .failure(let error)) = await events.next() else {
            Issue.record("no failure was reported")
            return
        }
        #expect(error.code == .cancelled)
    }
}
