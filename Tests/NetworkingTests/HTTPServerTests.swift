import Networking
import Testing

@Suite("Small HTTP on a listener")
struct HTTPServerTests {
    private static let service = TestService(answer: { request in
        switch (request.method, request.path) {
        case ("GET", "/hello"), ("HEAD", "/hello"): .text("hello \(request.query)")
        case ("POST", "/echo"): HTTPResponse(headers: [("X-Length", "\(request.body.count)")], body: request.body)
        case (_, "/hello"): .methodNotAllowed(allowed: ["GET", "HEAD"])
        case (_, "/large"): HTTPResponse(body: [UInt8](repeating: 65, count: 3 << 20))
        case (_, "/inject"): HTTPResponse(headers: [("X-A", "1\r\nX-B: 2")])
        default: .status(404)
        }
    })

    private func withServer<Result: Sendable>(
        _ loopConfiguration: EventLoopConfiguration = EventLoopConfiguration(),
        _ configuration: ListenerConfiguration = ListenerConfiguration(),
        service: TestService = HTTPServerTests.service,
        _ body: @escaping @Sendable (ScriptedServer.Connection) -> Result
    ) async throws -> (result: Result, metrics: EventLoopMetrics.Snapshot) {
        try await withLoop(loopConfiguration) { loop in
            let port = try await loop.listen(configuration, service: service)
            let result = await onThread {
                let connection = connectPlain(port: port)
                defer { connection.close() }
                return body(connection)
            }
            return (result, loop.metrics)
        }
    }

    /// Everything until the server closes.
    private static func receiveAll(_ connection: ScriptedServer.Connection) -> String {
        var bytes: [UInt8] = []
        while true {
            let more = connection.receive()
            if more.isEmpty { return String(decoding: bytes, as: UTF8.self) }
            bytes += more
        }
    }

    private static func statuses(_ answers: String) -> [Int] {
        answers.split(separator: "HTTP/1.1 ").compactMap { Int($0.prefix(3)) }
    }

    @Test("however many connections say nothing, one that asks is answered; the oldest of them are closed for it")
    func silentOnes() async throws {
        try await withLoop(EventLoopConfiguration(maximumConnections: 8)) { loop in
            let port = try await loop.listen(ListenerConfiguration(), service: Self.service)
            let (answer, ended) = await onThread {
                let silent = (0..<50).map { _ in connectPlain(port: port) }
                defer { for connection in silent { connection.close() } }
                let asking = connectPlain(port: port)
                defer { asking.close() }
                asking.send("GET /hello?1 HTTP/1.1\r\nHost: x\r\n\r\n")
                let answer = asking.receiveHead()
                return (answer, silent.prefix(43).allSatisfy { $0.receive().isEmpty })
            }
            #expect(Self.statuses(answer) == [200])
            #expect(ended)
            #expect(loop.metrics.displaced == 43)
            #expect(loop.metrics.refused == 0)
        }
    }

    @Test("a connection serves several requests, also when they arrive together")
    func keepAlive() async throws {
        let requests =
            "GET /hello?1 HTTP/1.1\r\nHost: x\r\n\r\n"
            + "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
            + "GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n"
            + "PUT /hello HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"
            + "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nde\r\n0\r\n\r\n"
            + "HEAD /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        let (answers, metrics) = try await withServer { connection in
            connection.send(requests)
            return Self.receiveAll(connection)
        }
        #expect(Self.statuses(answers) == [200, 200, 404, 405, 200, 200])
        #expect(answers.contains("\r\n\r\nhello 1HTTP/1.1 200"))
        #expect(answers.contains("\r\n\r\nabcHTTP/1.1 404"))
        #expect(answers.contains("Allow: GET, HEAD\r\n"))
        #expect(answers.contains("\r\n\r\ndeHTTP/1.1 200"))
        #expect(answers.hasSuffix("Content-Length: 6\r\nConnection: close\r\n\r\n"))
        #expect(metrics.accepted == 1)
        #expect(metrics.requests == 6)
    }

    @Test("an answer larger than the kernel's buffers arrives whole")
    func largeAnswer() async throws {
        let (answer, _) = try await withServer { connection in
            connection.send("GET /large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            return Self.receiveAll(connection)
        }
        #expect(answer.utf8.count > 3 << 20)
        #expect(answer.hasSuffix("AAAA"))
    }

    @Test("a header value cannot break out of its line")
    func injection() async throws {
        let (answer, _) = try await withServer { connection in
            connection.send("GET /inject HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            return Self.receiveAll(connection)
        }
        #expect(answer.contains("X-A: 1  X-B: 2\r\n"))
    }

    @Test("a body above the limit is answered 413, which the client gets to read")
    func tooLarge() async throws {
        let (answer, metrics) = try await withServer(
            EventLoopConfiguration(), ListenerConfiguration(maximumBodyBytes: 1000)
        ) { connection in
            connection.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n")
            connection.send([UInt8](repeating: 1, count: 1001))
            return Self.receiveAll(connection)
        }
        #expect(Self.statuses(answer) == [413])
        #expect(answer.contains("Connection: close"))
        #expect(metrics.badRequests == 1)
    }

    @Test("headers above the limit are answered 431")
    func headersTooLarge() async throws {
        let (answer, metrics) = try await withServer(EventLoopConfiguration(maximumHeaderBytes: 2000)) { connection in
            connection.send("GET /hello HTTP/1.1\r\nHost: x\r\nX-Long: \(String(repeating: "x", count: 3000))")
            return Self.receiveAll(connection)
        }
        #expect(Self.statuses(answer) == [431])
        #expect(metrics.badRequests == 1)
    }

    @Test("headers that never end are answered 408")
    func slowHeaders() async throws {
        let (answer, metrics) = try await withServer(
            EventLoopConfiguration(handshakeTimeout: .milliseconds(100))
        ) { connection in
            connection.send("GET /hello HTTP/1.1\r\nHost: x\r\n")
            return Self.receiveAll(connection)
        }
        #expect(Self.statuses(answer) == [408])
        #expect(metrics.timeouts == 1)
    }

    @Test("a body that never ends is answered 408")
    func slowBody() async throws {
        let (answer, _) = try await withServer(
            EventLoopConfiguration(), ListenerConfiguration(bodyTimeout: .milliseconds(100))
        ) { connection in
            connection.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc")
            return Self.receiveAll(connection)
        }
        #expect(Self.statuses(answer) == [408])
    }

    @Test("a service that takes too long is cancelled and answered for with 503")
    func slowService() async throws {
        let cancelled = Gate()
        let service = TestService(answer: { _ in
            do {
                try await Task.sleep(for: .seconds(60))
            } catch {
                cancelled.open()
            }
            return .status(200)
        })
        let (answer, _) = try await withServer(
            EventLoopConfiguration(), ListenerConfiguration(responseTimeout: .milliseconds(100)), service: service
        ) { connection in
            connection.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            return Self.receiveAll(connection)
        }
        #expect(Self.statuses(answer) == [503])
        await cancelled.opened()
    }

    @Test("a kept-alive connection that stays quiet is closed without a word")
    func idle() async throws {
        let (answer, _) = try await withServer(
            EventLoopConfiguration(keepAliveTimeout: .milliseconds(100))
        ) { connection in
            connection.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n")
            return Self.receiveAll(connection)
        }
        #expect(Self.statuses(answer) == [200])
    }

    @Test("a client that asks whether to go on is told so")
    func expectContinue() async throws {
        let (answers, _) = try await withServer { connection in
            connection.send(
                "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"
            )
            let interim = String(decoding: connection.receive(), as: UTF8.self)
            connection.send("abc")
            return interim + Self.receiveAll(connection)
        }
        #expect(Self.statuses(answers) == [100, 200])
    }

    @Test(
        "nothing is served from the disk", arguments: ["/etc/passwd", "/../../etc/passwd", "/%2e%2e/etc/passwd", "/"])
    func noFiles(path: String) async throws {
        let (answer, _) = try await withServer { connection in
            connection.send("GET \(path) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            return Self.receiveAll(connection)
        }
        #expect(Self.statuses(answer) == [404])
    }
}
