import Glibc
import Logging
import Networking
import Testing

@Suite("The HTTP client")
struct HTTPClientTests {
    /// Runs `body` with a client that uses no proxy, and shuts it down whatever happens.
    private func withClient<Result>(
        bodyBuffer: Int = 256 * 1024, maximumRequests: Int = 512, _ body: (HTTPClient) async throws -> Result
    ) async throws -> Result {
        var configuration = HTTPClientConfiguration(proxy: .none)
        configuration.bodyBufferBytes = bodyBuffer
        configuration.maximumRequests = maximumRequests
        let client = HTTPClient(configuration: configuration, logger: Logger(label: "test"))
        do {
            let result = try await body(client)
            await client.shutdown()
            return result
        } catch {
            await client.shutdown()
            throw error
        }
    }

    private func failure(_ body: () async throws -> Void) async -> NetworkError? {
        do {
            try await body()
            return nil
        } catch {
            return error as? NetworkError
        }
    }

    @Test("a request reaches the server as it was made, and the answer comes back whole")
    func roundTrip() async throws {
        try await withLoop { loop in
            let service = TestService(answer: { request in
                var response = HTTPResponse.text(
                    "\(request.method) \(request.path) \(request.query) \(request[header: "content-type"] ?? "-") "
                        + "\(request[header: "authorization"] ?? "-") \(request.body.count)", status: 201)
                response.headers.append(("X-Answer", "yes"))
                return response
            })
            let port = try await loop.listen(ListenerConfiguration(), service: service)
            try await withClient { client in
                let response = try await client.send(
                    HTTPClientRequest(
                        method: "POST", url: "http://127.0.0.1:\(port)/v1/x?q=1",
                        headers: [("Content-Type", "application/json"), ("Authorization", "Bearer t")],
                        body: Array("{}".utf8)))
                #expect(response.status == 201)
                #expect(response[header: "x-answer"] == "yes")
                let body = try await response.body.collect(upTo: 1000)
                #expect(String(decoding: body, as: UTF8.self) == "POST /v1/x q=1 application/json Bearer t 2")
            }
        }
    }

    @Test("methods without a body", arguments: ["GET", "DELETE", "HEAD", "OPTIONS"])
    func methods(method: String) async throws {
        try await withLoop { loop in
            let service = TestService(answer: { .text($0.method) })
            let port = try await loop.listen(ListenerConfiguration(), service: service)
            try await withClient { client in
                let response = try await client.send(
                    HTTPClientRequest(method: method, url: "http://127.0.0.1:\(port)/"))
                let body = try await response.body.collect(upTo: 100)
                #expect(String(decoding: body, as: UTF8.self) == (method == "HEAD" ? "" : method))
            }
        }
    }

    @Test("the body arrives piece by piece, while the server still holds the rest back")
    func streaming() async throws {
        let gate = Gate()
        let server = ScriptedServer { connection in
            connection.receiveHead()
            connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            for piece in ["one", "two", "three"] {
                connection.send("\(String(piece.utf8.count, radix: 16))\r\n\(piece)\r\n")
                gate.wait()
            }
            connection.send("0\r\n\r\n")
        }
        try await withClient { client in
            let response = try await client.send(HTTPClientRequest(url: "http://127.0.0.1:\(server.port)/"))
            var chunks = response.body.makeAsyncIterator()
            for piece in ["one", "two", "three"] {
                #expect(try await chunks.next() == Array(piece.utf8))
                gate.open()
            }
            #expect(try await chunks.next() == nil)
        }
    }

    @Test("a sender is held back while nobody reads, and nothing is lost")
    func backPressure() async throws {
        let size = 8 << 20
        let server = ScriptedServer { connection in
            connection.receiveHead()
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(size)\r\n\r\n")
            connection.send([UInt8](repeating: 7, count: size))
        }
        try await withClient(bodyBuffer: 64 * 1024) { client in
            let response = try await client.send(HTTPClientRequest(url: "http://127.0.0.1:\(server.port)/"))
            while client.metrics.pauses == 0 { await Task.yield() }
            #expect(client.metrics.bytesReceived <= 64 * 1024)
            #expect(try await response.body.collect(upTo: size).count == size)
        }
    }

    @Test("cancelling the task ends the transfer, which the server sees")
    func cancelling() async throws {
        let ended = Gate()
        let server = ScriptedServer { connection in
            connection.receiveHead()
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nfirst")
            connection.waitForEnd()
            ended.open()
        }
        try await withClient { client in
            let response = try await client.send(HTTPClientRequest(url: "http://127.0.0.1:\(server.port)/"))
            let (started, continuation) = AsyncStream<Void>.makeStream()
            let reader = Task {
                var pieces: [[UInt8]] = []
                for try await piece in response.body {
                    pieces.append(piece)
                    continuation.yield()
                }
                return pieces
            }
            for await _ in started { break }
            reader.cancel()
            let error = await failure { _ = try await reader.value }
            #expect(error?.code == .cancelled)
            await ended.opened()
            #expect(error?.isRetryable == false)
        }
    }

    @Test("dropping an answer unread ends the transfer, which the server sees")
    func dropping() async throws {
        let ended = Gate()
        let server = ScriptedServer { connection in
            connection.receiveHead()
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nfirst")
            connection.waitForEnd()
            ended.open()
        }
        try await withClient { client in
            _ = try await client.send(HTTPClientRequest(url: "http://127.0.0.1:\(server.port)/"))
            await ended.opened()
        }
    }

    enum Stall: String, CaseIterable, CustomTestStringConvertible {
        case beforeHeaders, beforeBody, insideBody, trickle
        var testDescription: String { rawValue }
    }

    @Test("each deadline ends the request and says its name", arguments: Stall.allCases)
    func deadlines(stall: Stall) async throws {
        let server = ScriptedServer { connection in
            connection.receiveHead()
            if stall != .beforeHeaders { connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n") }
            if stall == .insideBody { connection.send("some") }
            if stall == .trickle {
                // The peer's end of stream is the only thing that ends this.
                while true {
                    var descriptor = pollfd(fd: connection.descriptor, events: Int16(POLLIN), revents: 0)
                    if unsafe poll(&descriptor, 1, 10) != 0 { break }
                    connection.send(".")
                }
            }
            connection.waitForEnd()
        }
        var deadlines = HTTPClientRequest.Deadlines()
        switch stall {
        case .beforeHeaders, .beforeBody: deadlines.firstByte = .milliseconds(150)
        case .insideBody: deadlines.betweenChunks = .milliseconds(150)
        case .trickle: deadlines.total = .milliseconds(150)
        }
        try await withClient { client in
            let clock = ContinuousClock()
            let begin = clock.now
            let error = await failure {
                let response = try await client.send(
                    HTTPClientRequest(url: "http://127.0.0.1:\(server.port)/?key=secret", deadlines: deadlines))
                _ = try await response.body.collect(upTo: 1 << 20)
            }
            let taken = clock.now - begin
            #expect(error?.code == .deadlineExceeded)
            #expect(error?.isRetryable == true)
            let name =
                switch stall {
                case .beforeHeaders, .beforeBody: "firstByte"
                case .insideBody: "betweenChunks"
                case .trickle: "total"
                }
            #expect(error?.detail.hasPrefix(name) == true)
            #expect(error?.description.contains("secret") == false)
            #expect(taken >= .milliseconds(150) && taken < .seconds(5))
            #expect(client.metrics.deadlinesExceeded == 1)
        }
    }

    @Test("a connection that is never answered ends with the connect deadline")
    func connectDeadline() async throws {
        // A full accept queue: the kernel drops further handshakes.
        let listener = FullListener()
        try await withClient { client in
            let error = await failure {
                _ = try await client.send(
                    HTTPClientRequest(
                        url: "http://127.0.0.1:\(listener.port)/",
                        deadlines: HTTPClientRequest.Deadlines(connect: .milliseconds(150))))
            }
            #expect(error?.code == .deadlineExceeded)
            #expect(error?.detail.hasPrefix("connect") == true)
        }
    }

    @Test(
        "addresses that cannot work fail with their reason",
        arguments: [
            ("http://127.0.0.1:1/", NetworkError.Code.connectFailed),
            ("http://name.invalid/", .nameNotResolved),
            ("ftp://127.0.0.1/", .invalidArgument),
            ("http://127.0.0.1:port/", .invalidArgument),
        ])
    func badAddresses(url: String, code: NetworkError.Code) async throws {
        try await withClient { client in
            let error = await failure {
                _ = try await client.send(HTTPClientRequest(url: url))
            }
            #expect(error?.code == code)
        }
    }

    @Test("a header that would break out of its line is refused")
    func headerInjection() async throws {
        try await withClient { client in
            let error = await failure {
                _ = try await client.send(
                    HTTPClientRequest(url: "http://127.0.0.1:1/", headers: [("X", "a\r\nY: b")]))
            }
            #expect(error?.code == .invalidArgument)
        }
    }

    @Test("a connection lost in the middle of the body is an error")
    func truncated() async throws {
        let server = ScriptedServer { connection in
            connection.receiveHead()
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nsome")
        }
        try await withClient { client in
            let response = try await client.send(HTTPClientRequest(url: "http://127.0.0.1:\(server.port)/"))
            let error = await failure {
                _ = try await response.body.collect(upTo: 1000)
            }
            #expect(error?.code == .connectionLost)
        }
    }

    @Test(
        "an answer that ends within its header lines is a lost connection",
        arguments: [
            "HTTP/1.1 200 OK", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\ncontent-le",
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n", "HTTP/1.1 100 Continue\r\n\r\n",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nx: y",
        ])
    func truncatedHead(answer: String) async throws {
        let server = ScriptedServer { connection in
            connection.receiveHead()
            connection.send(answer)
        }
        try await withClient { client in
            let error = await failure {
                _ = try await client.send(HTTPClientRequest(url: "http://127.0.0.1:\(server.port)/"))
            }
            #expect(error?.code == .connectionLost)
            #expect(error?.isRetryable == true)
            #expect(client.metrics.completed == 0)
        }
    }

    struct Repetition: CustomTestStringConvertible {
        var method: String
        var body = ""
        var headers: [(String, String)] = []
        var mayBeRepeated: Bool?
        var repeats: Bool

        var testDescription: String {
            "\(method) \(body.count) \(headers.map(\.0)) \(mayBeRepeated.map { "\($0)" } ?? "-")"
        }
    }

    @Test(
        "only what may be repeated is sent again when a kept connection closes without an answer",
        arguments: [
            Repetition(method: "GET", repeats: true), Repetition(method: "DELETE", repeats: true),
            Repetition(method: "PUT", body: "{}", repeats: true),
            Repetition(method: "POST", body: "{}", repeats: false),
            Repetition(method: "POST", body: String(repeating: "x", count: 1 << 20), repeats: false),
            Repetition(method: "POST", repeats: false), Repetition(method: "PATCH", body: "{}", repeats: false),
            Repetition(method: "POKE", repeats: false),
            Repetition(method: "POST", body: "{}", headers: [("Idempotency-Key", "k1")], repeats: true),
            Repetition(method: "POST", body: "{}", mayBeRepeated: true, repeats: true),
            Repetition(method: "GET", mayBeRepeated: false, repeats: false),
        ])
    func repeating(_ repetition: Repetition) async throws {
        let acts = Counter()
        let server = ScriptedServer { connection in
            while let request = connection.receiveRequest() {
                // Done once, and the connection closed without an answer.
                if request.path == "/act", acts.add() == 1 { return }
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            }
        }
        try await withClient { client in
            let url = "http://127.0.0.1:\(server.port)"
            let first = try await client.send(HTTPClientRequest(url: url + "/first"))
            _ = try await first.body.collect(upTo: 10)
            var act = HTTPClientRequest(
                method: repetition.method, url: url + "/act", headers: repetition.headers,
                body: Array(repetition.body.utf8), mayBeRepeated: repetition.mayBeRepeated)
            act.deadlines.total = .seconds(20)
            let error = await failure {
                let response = try await client.send(act)
                _ = try await response.body.collect(upTo: 10)
            }
            #expect(error?.code == (repetition.repeats ? nil : .connectionLost))
            #expect(acts.count == (repetition.repeats ? 2 : 1))
        }
    }

    @Test("a request that must not be repeated arrives whole, on a kept connection")
    func unrepeatable() async throws {
        let paths = Counter()
        let body = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        let connections = Counter()
        let server = ScriptedServer { connection in
            _ = connections.add()
            while let request = connection.receiveRequest() {
                _ = paths.add()
                #expect(request.body == body)
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            }
        }
        try await withClient { client in
            for _ in 1...3 {
                let response = try await client.send(
                    HTTPClientRequest(method: "POST", url: "http://127.0.0.1:\(server.port)/", body: body))
                #expect(try await response.body.collect(upTo: 10) == Array("ok".utf8))
            }
            #expect(paths.count == 3)
            #expect(connections.count == 1)
        }
    }

    @Test("a body above the reader's limit is an error")
    func bodyLimit() async throws {
        try await withLoop { loop in
            let service = TestService(answer: { _ in .text(String(repeating: "x", count: 1001)) })
            let port = try await loop.listen(ListenerConfiguration(), service: service)
            try await withClient { client in
                let response = try await client.send(HTTPClientRequest(url: "http://127.0.0.1:\(port)/"))
                let error = await failure {
                    _ = try await response.body.collect(upTo: 1000)
                }
                #expect(error?.code == .limitExceeded)
            }
        }
    }

    @Test("requests above the limit fail at once, and places come free again")
    func requestLimit() async throws {
        let gate = Gate()
        let server = ScriptedServer { connection in
            connection.receiveHead()
            gate.wait()
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
        }
        try await withClient(maximumRequests: 1) { client in
            let first = Task { try await client.send(HTTPClientRequest(url: "http://127.0.0.1:\(server.port)/")) }
            while client.metrics.active == 0 { await Task.yield() }
            let error = await failure {
                _ = try await client.send(HTTPClientRequest(url: "http://127.0.0.1:\(server.port)/"))
            }
            #expect(error?.code == .limitExceeded)
            gate.open()
            #expect(try await first.value.body.collect(upTo: 10) == Array("ok".utf8))
            gate.open()
            while client.metrics.active > 0 { await Task.yield() }
            let second = try await retrying {
                try await client.send(HTTPClientRequest(url: "http://127.0.0.1:\(server.port)/"))
            }
            #expect(second.status == 200)
        }
    }

    /// The place is free a moment after the metrics say so.
    private func retrying<Result>(_ body: () async throws -> Result) async throws -> Result {
        while true {
            do {
                return try await body()
            } catch let error as NetworkError where error.code == .limitExceeded {
                await Task.yield()
            }
        }
    }

    @Test("shutting down ends what is under way, and refuses what comes later")
    func shutdown() async throws {
        let server = ScriptedServer { connection in
            connection.receiveHead()
            connection.waitForEnd()
        }
        let client = HTTPClient(
            configuration: HTTPClientConfiguration(proxy: .none), logger: Logger(label: "test"))
        let request = HTTPClientRequest(url: "http://127.0.0.1:\(server.port)/")
        let pending = Task { _ = try await client.send(request) }
        while client.metrics.active == 0 { await Task.yield() }
        await client.shutdown()
        #expect(await failure { try await pending.value }?.code == .cancelled)
        #expect(await failure { _ = try await client.send(request) }?.code == .cancelled)
        await client.shutdown()
    }

    @Test("events of a stream arrive as they are sent")
    func serverSentEvents() async throws {
        let gate = Gate()
        let server = ScriptedServer { connection in
            connection.receiveHead()
            connection.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")
            connection.send("data: {\"a\":1}\n\nda")
            gate.wait()
            connection.send("ta:[DONE]\n\n")
        }
        try await withClient { client in
            let response = try await client.send(HTTPClientRequest(url: "http://127.0.0.1:\(server.port)/"))
            var parser = ServerSentEventParser()
            var events: [ServerSentEvent] = []
            for try await piece in response.body {
                events += parser.push(piece.span)
                if events.count == 1 { gate.open() }
            }
            #expect(events == [ServerSentEvent(data: "{\"a\":1}"), ServerSentEvent(data: "[DONE]")])
        }
    }
}
