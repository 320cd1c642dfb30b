import Emulators
import Networking
import Testing

@Suite("The emulated model answers as OpenAI does, and refuses what OpenAI refuses")
struct OpenAIChatEmulatorTests {
    private typealias Configuration = OpenAIChatEmulatorConfiguration

    private func ask(
        _ body: String, configuration: Configuration = .init(), authorization: String = "Bearer emulated",
        path: String = "/chat/completions", method: String = "POST"
    ) async throws -> (status: Int, body: String, error: NetworkError?) {
        var fleet = EmulatorFleet.Configuration()
        fleet.openAI = configuration
        return try await withFleet(fleet) { _, addresses in
            let client = HTTPClient(configuration: HTTPClientConfiguration(proxy: .none), logger: quietLogger)
            var request = HTTPClientRequest(
                method: method, url: addresses.openAI + path,
                headers: [("Authorization", authorization), ("Content-Type", "application/json")],
                body: Array(body.utf8))
            request.deadlines.betweenChunks = .milliseconds(500)
            let response = try await client.send(request)
            var bytes: [UInt8] = []
            var failure: NetworkError?
            do {
                for try await chunk in response.body { bytes += chunk }
            } catch { failure = error as? NetworkError }
            await client.shutdown()
            return (response.status, String(decoding: bytes, as: UTF8.self), failure)
        }
    }

    private static func chat(_ messages: String, _ more: String = "") -> String {
        #"{"model":"m","stream":true,"messages":["# + messages + "]" + more + "}"
    }

    private static let user = #"{"role":"user","content":"hi"}"#
    private static let call = #"""
        {"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}}]}
        """#
    private static let result = #"{"role":"tool","tool_call_id":"c1","content":"{}"}"#

    @Test(
        "a request that is wrong",
        arguments: [
            ("", "not valid JSON"), ("{}", "model"), (#"{"model":"m"}"#, "messages"), (chat(""), "too short"),
            (chat(#"{"role":"robot","content":"x"}"#), "robot"), (chat(#"{"role":"user"}"#), "null"),
            (chat(user, #","max_output_tokens":5"#), "max_output_tokens"),
            (chat(user, #","temperature":3"#), "temperature"),
            (chat(user + "," + call), "c1"), (chat(user + "," + call + "," + user), "c1"),
            (chat(user + "," + result), "preceeding"),
            (chat(user + "," + call + "," + result + "," + result), "preceeding"),
            (chat(user, #","tools":[{"type":"function","function":{"name":"a b"}}]"#), "does not match"),
            (chat(user, #","tools":[{"type":"function","function":{"name":"f","parameters":[]}}]"#), "parameters"),
            (
                #"{"model":"m","messages":[{"role":"user","content":"x"}],"stream_options":{"include_usage":true}}"#,
                "stream"
            ),
        ])
    func refuses(body: String, reason: String) async throws {
        let answer = try await ask(body)
        #expect(answer.status == 400)
        #expect(answer.body.contains(#""type":"invalid_request_error""#))
        #expect(answer.body.contains(reason), "\(answer.body)")
    }

    @Test("keys, paths and methods")
    func rim() async throws {
        #expect(try await ask("{}", authorization: "Bearer no").status == 401)
        #expect(try await ask("{}", path: "/completions").status == 404)
        #expect(try await ask("{}", method: "PUT").status == 405)
        let models = Configuration(models: ["other"])
        #expect(try await ask(Self.chat(Self.user), configuration: models).status == 404)
    }

    /// The contents and argument fragments of a stream's events.
    private func events(_ body: String) -> [String] {
        var parser = ServerSentEventParser()
        return parser.push(Array(body.utf8).span).map(\.data)
    }

    @Test("text comes word by word, then the reason, the usage and the end")
    func streams() async throws {
        let configuration = Configuration { .init("\($0.userText), turn \($0.turn)") }
        let answer = try await ask(
            Self.chat(Self.user, #","stream_options":{"include_usage":true}"#), configuration: configuration)
        let events = events(answer.body)
        #expect(events.first?.contains(#""delta":{"role":"assistant""#) == true)
        #expect(events[1].contains(#""delta":{"content":"hi,"}"#))
        #expect(events[2].contains(#""delta":{"content":" turn"}"#))
        #expect(events[4].contains(#""delta":{},"logprobs":null,"finish_reason":"stop""#))
        #expect(events[5].contains(#""choices":[],"usage":{"prompt_tokens":"#))
        #expect(events.last == "[DONE]")
    }

    @Test("tool calls come in fragments; after their results the script sees these")
    func tools() async throws {
        let configuration = Configuration { exchange in
            exchange.toolResults.isEmpty
                ? .init("", toolCalls: [.init(name: "f", arguments: #"{"id":7}"#)]) : .init(exchange.toolResults[0])
        }
        let first = events(try await ask(Self.chat(Self.user), configuration: configuration).body)
        #expect(
            first[1].contains(#"{"index":0,"id":"call_0_0","type":"function","function":{"name":"f","arguments":""}}"#))
        #expect(first[2].contains(#"{"index":0,"function":{"arguments":"{\"id\""}}"#))
        #expect(first[4].contains(#""finish_reason":"tool_calls""#))
        let second = try await ask(
            Self.chat([Self.user, Self.call, Self.result].joined(separator: ",")), configuration: configuration)
        #expect(second.body.contains(#""content":"{}""#))
    }

    @Test("dialects change the form, not the content")
    func dialects() async throws {
        let script: @Sendable (Configuration.Exchange) -> Configuration.Reply = { _ in
            .init("Grüße an Zoë", toolCalls: [.init(name: "f", arguments: #"{"id":7}"#)])
        }
        let all: Configuration.Dialect = [
            .noToolIndex, .wholeToolCalls, .stopsAlways, .comments, .tightLines, .smallPackets, .noDone,
        ]
        let answer = try await ask(Self.chat(Self.user), configuration: Configuration(dialect: all, script: script))
        #expect(answer.body.contains(": ping\n\n"))
        #expect(answer.body.contains("data:{"))
        #expect(!answer.body.contains("[DONE]"))
        let events = events(answer.body)
        #expect(events[1].contains("Grüße"))
        #expect(events[4].contains(#""arguments":"{\"id\":7}""#))
        #expect(!events[4].contains(#""tool_calls":[{"index""#))
        #expect(events.last?.contains(#""finish_reason":"stop""#) == true)
    }

    @Test("faults: refusal with a delay to wait, error inside the stream, cut, stall")
    func faults() async throws {
        let refused = try await ask(
            Self.chat(Self.user),
            configuration: Configuration(faults: [
                .refuse(status: 429, code: "rate_limited", retryAfterMilliseconds: 20)
            ]))
        #expect(refused.status == 429)
        let error = try await ask(Self.chat(Self.user), configuration: Configuration(faults: [.error(afterChunks: 2)]))
        #expect(error.status == 200)
        #expect(events(error.body).last?.hasPrefix(#"{"error":{"message""#) == true)
        let cut = try await ask(Self.chat(Self.user), configuration: Configuration(faults: [.cut(afterChunks: 2)]))
        #expect(cut.error != nil)
        #expect(events(cut.body).count == 2)
        let stall = try await ask(Self.chat(Self.user), configuration: Configuration(faults: [.stall(afterChunks: 1)]))
        #expect(stall.error?.code == .deadlineExceeded)
    }

    @Test("without stream the answer is one object")
    func whole() async throws {
        let answer = try await ask(#"{"model":"m","messages":[{"role":"user","content":"hi"}]}"#)
        #expect(answer.status == 200)
        #expect(answer.body.contains(#""object":"chat.completion""#))
        #expect(answer.body.contains(#""finish_reason":"stop""#))
    }
}
