import Agent
import Logging
import Networking
import Testing

@Suite("A model behind chat completions, over a socket", .timeLimit(.minutes(1)))
struct OpenAIChatModelTests {
    private static let hello = #"data: {"choices":[{"index":0,"delta":{"content":"Grüß dich."}}]}"# + "\n\n"
    private static let end =
        #"data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"# + "\r\n\r\ndata:[DONE]\r\n\r\n"

    private func ask(
        _ server: ScriptedServer, firstToken: Duration = .seconds(5), progress: Duration = .seconds(5)
    ) async -> (text: String, error: ModelError?) {
        let client = HTTPClient(logger: Logger(label: "test"))
        let model = OpenAIChatModel(
            configuration: OpenAIChatConfiguration(baseURL: server.url, model: "m", apiKey: "secret"), client: client)
        let request = ModelRequest(
            instructions: "Be kind.", messages: [.user("Hello")], firstTokenDeadline: firstToken,
            progressDeadline: progress)
        var text = ""
        var failure: ModelError?
        do {
            for try await event in model.answer(request) {
                if case .text(let piece) = event { text += piece }
            }
        } catch {
            failure = error as? ModelError
        }
        await client.shutdown()
        return (text, failure)
    }

    @Test("is read whatever the pieces", arguments: [1, 7, 100_000])
    func pieces(size: Int) async {
        var bytes = Array((": ping\n\n" + Self.hello + Self.end).utf8)[...]
        var pieces: [[UInt8]] = []
        while !bytes.isEmpty {
            pieces.append(Array(bytes.prefix(size)))
            bytes = bytes.dropFirst(size)
        }
        let server = ScriptedServer([.http(body: pieces)])
        let answer = await ask(server)
        #expect(answer.text == "Grüß dich." && answer.error == nil)
        #expect(server.requests.first?.hasPrefix("POST /v1/chat/completions ") == true)
        #expect(server.requests.first?.lowercased().contains("authorization: bearer secret") == true)
        #expect(server.requests.first?.hasSuffix("}") == true)
    }

    @Test(
        "that refuses is an error of its kind",
        arguments: [
            (
                "400 Bad Request", #"{"error":{"message":"bad tool","type":"invalid_request_error"}}"#,
                ModelError.Code.invalidRequest
            ),
            ("401 Unauthorized", #"{"error":{"message":"bad key"}}"#, .unauthorized),
            ("404 Not Found", #"{"object":"error","message":"no such model","code":404}"#, .notFound),
            (
                "429 Too Many Requests", #"{"error":{"message":"no budget","code":"insufficient_quota"}}"#,
                .quotaExceeded
            ),
            ("400 Bad Request", #"{"error":{"message":"filtered","code":"content_filter"}}"#, .contentFiltered),
            ("502 Bad Gateway", "<html>oops</html>", .unavailable),
        ])
    func refused(status: String, body: String, code: ModelError.Code) async {
        let headers = ["X-Should-Retry: false"]
        let answer = await ask(ScriptedServer([.http(status, headers: headers, body: [Array(body.utf8)])]))
        #expect(answer.error?.code == code)
        #expect(answer.error?.status == Int(status.prefix(3)))
        #expect(answer.error?.isRetryable == false)
    }

    @Test("is asked again when it was only busy, and not when it asks for too much patience")
    func retries() async {
        let busy = ScriptedServer.Answer.http("429 Too Many Requests", headers: ["Retry-After-Ms: 5"], body: [])
        let loading = ScriptedServer.Answer.http(
            "503 Service Unavailable", body: [Array(#"{"error":{"code":503,"message":"Loading model"}}"#.utf8)])
        let good = ScriptedServer.Answer.http(body: [Array((Self.hello + Self.end).utf8)])
        let server = ScriptedServer([busy, loading, good])
        #expect(await ask(server).text == "Grüß dich.")
        #expect(server.requests.count == 3)
        let patient = ScriptedServer([.http("429 Too Many Requests", headers: ["Retry-After: 20"], body: []), good])
        let answer = await ask(patient)
        #expect(answer.error?.code == .rateLimited && answer.error?.retryAfter == .seconds(20))
        #expect(patient.requests.count == 1)
    }

    @Test("that breaks off after text is not asked again")
    func broken() async {
        let server = ScriptedServer([.http(body: [Array(Self.hello.utf8)]), .http(body: [Array(Self.end.utf8)])])
        let answer = await ask(server)
        #expect(answer.text == "Grüß dich." && answer.error?.code == .connectionLost)
        #expect(server.requests.count == 1)
    }

    @Test("that says nothing, or nothing more, is given up")
    func stalls() async {
        let silent = ScriptedServer([.http(body: [], staysOpen: true)])
        #expect(await ask(silent, firstToken: .milliseconds(200)).error?.code == .deadlineExceeded)
        let stuck = ScriptedServer([.http(body: [Array(Self.hello.utf8)], staysOpen: true)])
        let answer = await ask(stuck, progress: .milliseconds(200))
        #expect(answer.text == "Grüß dich." && answer.error?.code == .deadlineExceeded)
    }

    @Test("is let go at once when the reply is cancelled")
    func cancelled() async throws {
        let server = ScriptedServer([.http(body: [Array(Self.hello.utf8)], staysOpen: true)])
        let client = HTTPClient(logger: Logger(label: "test"))
        let model = OpenAIChatModel(
            configuration: OpenAIChatConfiguration(baseURL: server.url, model: "m"), client: client)
        let task = Task {
            for try await _ in model.answer(ModelRequest(instructions: "", messages: [.user("Hello")])) { return }
        }
        _ = await task.result
        // The stream was dropped after its first event: the connection must be closed by us.
        while server.closedByClient == 0 { await Task.yield() }
        #expect(server.closedByClient == 1)
        await client.shutdown()
    }

    @Test("that nobody runs is an error")
    func nobody() async {
        let server = ScriptedServer([])
        #expect(await ask(server).error?.isRetryable == true)
    }
}
