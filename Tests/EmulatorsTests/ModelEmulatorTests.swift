import Emulators
import Networking
import Testing

@Suite("The emulated models refuse what their vendors refuse")
struct ModelEmulatorTests {
    private static let json: (String, String) = ("Content-Type", "application/json")
    private static let anthropic: [(String, String)] = [
        json, ("x-api-key", "emulated"), ("anthropic-version", "2023-06-01"),
    ]
    private static let gemini: [(String, String)] = [json, ("x-goog-api-key", "emulated")]
    private static let openAI: [(String, String)] = [json, ("Authorization", "Bearer emulated")]

    private func ask(
        _ path: String, _ headers: [(String, String)], _ body: String, method: String = "POST",
        configuration: ModelEmulatorConfiguration = .init()
    ) async throws -> (status: Int, body: String, headers: [(name: String, value: String)]) {
        var fleet = EmulatorFleet.Configuration()
        (fleet.anthropic, fleet.gemini, fleet.openAIResponses) = (configuration, configuration, configuration)
        return try await withFleet(fleet) { _, addresses in
            let client = HTTPClient(configuration: HTTPClientConfiguration(proxy: .none), logger: quietLogger)
            let response = try await client.send(
                HTTPClientRequest(
                    method: method, url: addresses.anthropic + path, headers: headers, body: Array(body.utf8)))
            let bytes = try await response.body.collect(upTo: 1 << 20)
            await client.shutdown()
            return (response.status, String(decoding: bytes, as: UTF8.self), response.headers)
        }
    }

    // MARK: Anthropic

    private static func messages(_ messages: String, _ more: String = "") -> String {
        #"{"model":"m","max_tokens":9,"stream":true,"messages":["# + messages + "]" + more + "}"
    }
    private static let user: String = #"{"role":"user","content":"hi"}"#
    private static let use: String =
        #"{"role":"assistant","content":[{"type":"tool_use","id":"t1","name":"f","input":{}}]}"#
    private static let result: String = #"{"type":"tool_result","tool_use_id":"t1","content":"1"}"#
    private static func blocks(_ role: String, _ blocks: String) -> String {
        #"{"role":"\#(role)","content":[\#(blocks)]}"#
    }
    private static func text(_ text: String) -> String { #"{"type":"text","text":"\#(text)"}"# }

    @Test(
        "Anthropic: a request that is wrong",
        arguments: [
            ("", "not valid JSON"), (#"{"model":"m","messages":[]}"#, "max_tokens"),
            (#"{"max_tokens":9,"messages":[]}"#, "model"), (messages(""), "at least one message"),
            (messages(#"{"role":"system","content":"x"}"#), "top-level `system`"),
            (messages(#"{"role":"assistant","content":"x"}"#), "first message"),
            (messages(#"{"role":"user","content":""}"#), "non-empty"),
            (messages(blocks("user", text(" "))), "whitespace"),
            (messages(user, #","system":"""#), "non-empty"), (messages(user, #","temperature":1.5"#), "temperature"),
            (messages(user, #","max_completion_tokens":5"#), "max_completion_tokens"),
            (messages(user + "," + use), "without `tool_result`"),
            (messages([user, use, user].joined(separator: ",")), "without `tool_result`"),
            (messages(blocks("user", result)), "unexpected `tool_use_id`"),
            (messages([user, use, blocks("user", text("x") + "," + result)].joined(separator: ",")), "come first"),
            (
                messages([user, use, blocks("user", result + "," + result)].joined(separator: ",")),
                "unexpected `tool_use_id`"
            ),
            (messages([user, use, blocks("user", result), use].joined(separator: ",")), "unique"),
            (messages(user + #",{"role":"assistant","content":"x "}"#), "trailing whitespace"),
            (messages(user, #","tools":[{"name":"f"}]"#), "input_schema"),
            (messages(user, #","tools":[{"name":"f.g","input_schema":{"type":"object"}}]"#), "pattern"),
            (messages(user, #","tool_choice":{"type":"none"}"#), "while providing tools"),
            (
                messages(
                    blocks(
                        "user",
                        Array(repeating: #"{"type":"text","text":"x","cache_control":{"type":"ephemeral"}}"#, count: 5)
                            .joined(separator: ","))
                ), "maximum of 4 blocks"
            ),
        ])
    func anthropicRefuses(body: String, reason: String) async throws {
        let answer = try await ask("/v1/messages", Self.anthropic, body)
        #expect(answer.status == 400)
        #expect(answer.body.contains(#""type":"error","error":{"type":"invalid_request_error""#))
        #expect(answer.body.contains(reason), "\(answer.body)")
    }

    @Test("Anthropic: key, version, path and method")
    func anthropicRim() async throws {
        let key = try await ask("/v1/messages", [Self.json, ("anthropic-version", "2023-06-01")], "{}")
        #expect(key.status == 401 && key.body.contains("authentication_error"))
        let version = try await ask("/v1/messages", [Self.json, ("x-api-key", "emulated")], "{}")
        #expect(version.status == 400 && version.body.contains("anthropic-version: header is required"))
        let body = Self.messages(Self.user, #","temperature":0.5"#)
        #expect(try await ask("/v1/messages", Self.anthropic, body).status == 200)
        let current = [Self.json, ("Authorization", "Bearer emulated"), ("anthropic-version", "2026-10-21")]
        #expect(try await ask("/v1/messages", current, Self.messages(Self.user)).status == 200)
        let removed = try await ask("/v1/messages", current, body)
        #expect(removed.status == 400 && removed.body.contains("temperature: Extra inputs are not permitted"))
        #expect(try await ask("/v1/messages/batches", Self.anthropic, "{}").status == 404)
        #expect(try await ask("/v1/messages", Self.anthropic, "{}", method: "PUT").status == 405)
        let model = try await ask(
            "/v1/messages", Self.anthropic, Self.messages(Self.user),
            configuration: ModelEmulatorConfiguration(models: ["n"]))
        #expect(model.status == 404 && model.body.contains("not_found_error"))
    }

    @Test("Anthropic: consecutive messages of one role are one, and the events have their order")
    func anthropicStreams() async throws {
        let messages = [Self.user, Self.user, Self.use, Self.blocks("user", Self.result), Self.user]
        let answer = try await ask(
            "/v1/messages", Self.anthropic, Self.messages(messages.joined(separator: ",")),
            configuration: ModelEmulatorConfiguration {
                .init("a b", toolCalls: [.init(name: $0.userText, arguments: "{}")])
            })
        #expect(answer.status == 200)
        var parser = ServerSentEventParser()
        #expect(
            parser.push(Array(answer.body.utf8).span).map(\.type) == [
                "message_start", "ping", "content_block_start", "content_block_delta", "content_block_delta",
                "content_block_stop", "content_block_start", "content_block_delta", "content_block_delta",
                "content_block_stop", "message_delta", "message_stop",
            ])
    }

    // MARK: Gemini

    private static let question: String = #"{"role":"user","parts":[{"text":"hi"}]}"#
    private static let call: String = #"{"role":"model","parts":[{"functionCall":{"id":"c","name":"f","args":{}}}]}"#
    private static func reply(_ name: String) -> String {
        #"{"role":"user","parts":[{"functionResponse":{"id":"c","name":"\#(name)","response":{"r":1}}}]}"#
    }
    private static func contents(_ contents: String, _ more: String = "") -> String {
        #"{"contents":["# + contents + "]" + more + "}"
    }
    private static let stream: String = "/v1beta/models/m:streamGenerateContent?alt=sse"

    @Test(
        "Gemini: a request that is wrong",
        arguments: [
            ("", "not valid JSON"), (contents(""), "contents is not specified"),
            (contents(#"{"role":"assistant","parts":[{"text":"x"}]}"#), "valid role: user, model"),
            (contents(#"{"role":"user","parts":[]}"#), "must not be empty"),
            (contents(#"{"role":"user","parts":[{"text":""}]}"#), "must not be empty"),
            (contents(#"{"role":"user","parts":[{"thoughtSignature":"AAAA"}]}"#), "oneof"),
            (contents(#"{"role":"model","parts":[{"text":"x"}]}"#), "begin with a user turn"),
            (contents(question, #","messages":[]"#), "messages"),
            (contents(question, #","generationConfig":{"max_tokens":5}"#), "max_tokens"),
            (contents(question + "," + call), "followed by a function response turn"),
            (contents([question, call, question].joined(separator: ",")), "number of function response parts"),
            (contents([question, call, reply("g")].joined(separator: ",")), "does not belong"),
            (contents(question + "," + reply("f")), "number of function response parts"),
            (
                contents(
                    question,
                    #","tools":[{"functionDeclarations":[{"name":"f","parameters":{"type":"object","additionalProperties":false}}]}]"#
                ),
                "additionalProperties"
            ),
            (contents(question, #","tools":[{"functionDeclarations":[{"name":"1f"}]}]"#), "Invalid function name"),
            (
                contents(
                    [question, call.replacing(#""c""#, with: #""fc_emulated_0_0""#), reply("f")].joined(separator: ",")
                        .replacing(#""id":"c","#, with: "")), "thought_signature"
            ),
        ])
    func geminiRefuses(body: String, reason: String) async throws {
        let answer = try await ask(Self.stream, Self.gemini, body)
        #expect(answer.status == 400)
        #expect(answer.body.contains(#""status":"INVALID_ARGUMENT""#))
        #expect(answer.body.contains(reason), "\(answer.body)")
    }

    @Test("Gemini: key, path and the form of a stream")
    func geminiRim() async throws {
        #expect(try await ask(Self.stream, [Self.json], Self.contents(Self.question)).status == 403)
        let key = try await ask(Self.stream, [Self.json, ("x-goog-api-key", "no")], Self.contents(Self.question))
        #expect(key.status == 400 && key.body.contains("API_KEY_INVALID"))
        #expect(try await ask("/v1beta/models", Self.gemini, "{}").status == 404)
        let busy = try await ask(
            Self.stream, Self.gemini, Self.contents(Self.question),
            configuration: ModelEmulatorConfiguration(faults: [
                .refuse(status: 429, code: "RESOURCE_EXHAUSTED", retryAfterMilliseconds: 1500)
            ]))
        #expect(busy.status == 429 && busy.body.contains(#""retryDelay":"1.5s""#))
        let whole = try await ask("/v1beta/models/m:generateContent", Self.gemini, Self.contents(Self.question))
        #expect(whole.status == 200 && whole.body.contains(#""finishReason":"STOP""#))
    }

    // MARK: OpenAI Responses

    private static func input(_ items: String, _ more: String = "") -> String {
        #"{"model":"m","stream":true,"input":["# + items + "]" + more + "}"
    }
    private static let item: String = #"{"type":"function_call","call_id":"c","name":"f","arguments":"{}"}"#
    private static let output: String = #"{"type":"function_call_output","call_id":"c","output":"1"}"#

    @Test(
        "Responses: a request that is wrong",
        arguments: [
            ("", "not valid JSON"), (#"{"input":"hi"}"#, "model"), (#"{"model":"m"}"#, "input"),
            (input(#"{"role":"robot","content":"x"}"#), "robot"), (input(user, #","max_tokens":5"#), "max_tokens"),
            (input(user, #","max_output_tokens":5"#), "minimum value"), (input(user, #","messages":[]"#), "messages"),
            (input(user + "," + item), "No tool output found"), (input(user + "," + output), "No tool call found"),
            (input([item, output, output].joined(separator: ",")), "No tool call found"),
            (input(#"{"type":"reasoning","id":"rs_1","summary":[]}"#), "encrypted_content"),
            (input(user, #","tools":[{"type":"function","function":{"name":"f"}}]"#), "function"),
            (
                input(
                    user,
                    #","tools":[{"type":"function","name":"f","parameters":{"type":"object","properties":{"a":{}}}}]"#),
                "additionalProperties"
            ), (input(user, #","include":["everything"]"#), "everything"),
        ])
    func responsesRefuses(body: String, reason: String) async throws {
        let answer = try await ask("/v1/responses", Self.openAI, body)
        #expect(answer.status == 400)
        #expect(answer.body.contains(#""type":"invalid_request_error""#))
        #expect(answer.body.contains(reason), "\(answer.body)")
    }

    @Test("Responses: key and path; events are numbered")
    func responsesStreams() async throws {
        #expect(try await ask("/v1/responses", [Self.json], "{}").status == 401)
        #expect(try await ask("/v1/responses/r", Self.openAI, "{}").status == 404)
        let answer = try await ask(
            "/v1/responses", Self.openAI, Self.input([Self.user, Self.item, Self.output].joined(separator: ",")),
            configuration: ModelEmulatorConfiguration { .init($0.toolResults.joined()) })
        #expect(answer.body.contains(#""delta":"1""#))
        var parser = ServerSentEventParser()
        let events = parser.push(Array(answer.body.utf8).span)
        #expect(events.first?.type == "response.created" && events.last?.type == "response.completed")
        for (index, event) in events.enumerated() {
            #expect(event.data.contains(#""sequence_number":\#(index)}"#), "\(event.data)")
        }
    }
}
