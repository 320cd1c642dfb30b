import Agent
import Testing

@Suite("A streamed chat answer")
struct OpenAIChatAccumulatorTests {
    private static let head =
        #"{"id":"c1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}],"usage":null,"obfuscation":"x9"}"#
    private static func text(_ text: String) -> String {
        #"{"choices":[{"index":0,"delta":{"content":\#(JSONValue.string(text).text)},"finish_reason":null}]}"#
    }
    private static func end(_ reason: String) -> String {
        #"{"choices":[{"index":0,"delta":{},"finish_reason":"\#(reason)"}]}"#
    }
    private static func call(_ fields: String) -> String {
        #"{"choices":[{"index":0,"delta":{"tool_calls":[\#(fields)]},"finish_reason":null}]}"#
    }
    private static let usage =
        #"{"choices":[],"usage":{"prompt_tokens":900,"completion_tokens":22,"total_tokens":922,"prompt_tokens_details":{"cached_tokens":768}}}"#

    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var data: [String]
        var text = ""
        /// `id name arguments`
        var calls: [String] = []
        var reason = ModelFinish.Reason.stop
        var usage: ModelUsage?
    }

    static let cases: [Case] = [
        Case(
            testDescription: "text and usage",
            data: [head, text("Sure"), text(", one moment."), end("stop"), usage, "[DONE]"],
            text: "Sure, one moment.", usage: ModelUsage(promptTokens: 900, cachedTokens: 768, completionTokens: 22)),
        Case(
            testDescription: "one call in pieces",
            data: [
                head, call(#"{"index":0,"id":"call_a","type":"function","function":{"name":"lookup","arguments":""}}"#),
                call(#"{"index":0,"function":{"arguments":"{\"id\":"}}"#),
                call(#"{"index":0,"function":{"arguments":"7}"}}"#),
                end("tool_calls"), "[DONE]",
            ], calls: [#"call_a lookup {"id":7}"#], reason: .toolCalls),
        Case(
            testDescription: "two calls, interleaved, after text",
            data: [
                text("Let me see."),
                call(
                    #"{"index":0,"id":"a","function":{"name":"x","arguments":"{\"n\":"}},{"index":1,"id":"b","function":{"name":"y","arguments":"{"}}"#
                ),
                call(#"{"index":1,"function":{"arguments":"}"}}"#), call(#"{"index":0,"function":{"arguments":"1}"}}"#),
                end("tool_calls"), "[DONE]",
            ], text: "Let me see.", calls: [#"a x {"n":1}"#, "b y {}"], reason: .toolCalls),
        Case(
            testDescription: "no index, id and name repeated in every piece, no finish_reason",
            data: [
                call(#"{"id":"a","function":{"name":"lookup","arguments":"{\"id\""}}"#),
                call(#"{"id":"a","function":{"name":"lookup","arguments":":7}"}}"#),
                call(#"{"id":"b","function":{"name":"lookup","arguments":"{}"}}"#), "[DONE]",
            ], calls: [#"a lookup {"id":7}"#, "b lookup {}"], reason: .toolCalls),
        Case(
            testDescription: "index 0 for all calls, each whole",
            data: [
                call(#"{"index":0,"id":"a","function":{"name":"x","arguments":"{}"}}"#),
                call(#"{"index":0,"id":"b","function":{"name":"y","arguments":"{\"k\":true}"}}"#), end("stop"),
                "[DONE]",
            ], calls: ["a x {}", #"b y {"k":true}"#], reason: .toolCalls),
        Case(
            testDescription: "no ids at all, arguments as an object",
            data: [
                call(#"{"function":{"name":"x","arguments":{"k":1}}}"#),
                call(#"{"function":{"name":"y","arguments":""}}"#),
                end("tool_calls"),
            ], calls: [#"call_1 x {"k":1}"#, "call_2 y {}"], reason: .toolCalls),
        Case(
            testDescription: "the old form of a call",
            data: [
                #"{"choices":[{"delta":{"function_call":{"name":"x","arguments":"{}"}}}]}"#, end("function_call"),
                "[DONE]",
            ],
            calls: ["call_1 x {}"], reason: .toolCalls),
        Case(
            testDescription: "arguments that are no JSON",
            data: [
                call(#"{"index":0,"id":"a","function":{"name":"x","arguments":"{\"k\":"}}"#), end("length"), "[DONE]",
            ],
            calls: ["a x nothing"], reason: .toolCalls),
        Case(testDescription: "no [DONE]", data: [text("Yes."), end("stop")], text: "Yes."),
        Case(testDescription: "no finish_reason", data: [text("Yes."), "[DONE]"], text: "Yes."),
        Case(testDescription: "data after the end", data: [text("Yes."), "[DONE]", text("No.")], text: "Yes."),
        Case(
            testDescription: "cut by the limit", data: [text("Well,"), end("length"), "[DONE]"], text: "Well,",
            reason: .length),
        Case(
            testDescription: "a refusal",
            data: [#"{"choices":[{"index":0,"delta":{"refusal":"I cannot."}}]}"#, end("stop"), "[DONE]"],
            text: "I cannot.",
            reason: .contentFilter),
        Case(
            testDescription: "a first chunk without choices, other choices, unknown keys, reasoning",
            data: [
                #"{"choices":[],"prompt_filter_results":[{}]}"#,
                #"{"choices":[{"index":1,"delta":{"content":"other"}}]}"#,
                #"{"choices":[{"delta":{"content":"Yes.","reasoning_content":"hm"},"content_filter_results":{}}],"service_tier":"x"}"#,
                #"{"choices":[{"index":0,"delta":{"content":null},"finish_reason":"stop"}]}"#, "[DONE]",
            ], text: "Yes."),
        Case(
            testDescription: "usage in a chunk with choices, and in a vendor's own key",
            data: [
                text("Yes."),
                #"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"x_groq":{"id":"r","usage":{"prompt_tokens":5,"completion_tokens":2}}}"#,
                "[DONE]",
            ], text: "Yes.", usage: ModelUsage(promptTokens: 5, completionTokens: 2)),
    ]

    @Test("is put together", arguments: cases)
    func accumulates(_ given: Case) throws {
        var accumulator = OpenAIChatAccumulator(provider: "test")
        var events: [ModelEvent] = []
        for data in given.data { events += try accumulator.push(data) }
        events += try accumulator.finish()
        var text = ""
        var calls: [String] = []
        for event in events {
            switch event {
            case .text(let piece): text += piece
            case .toolCall(let call): calls.append("\(call.id) \(call.name) \(call.arguments?.text ?? "nothing")")
            case .heard, .finished: break
            }
        }
        #expect(text == given.text)
        #expect(calls == given.calls)
        #expect(events.last == .finished(ModelFinish(reason: given.reason, usage: given.usage)))
    }

    @Test(
        "that breaks is an error",
        arguments: [
            (
                [#"{"error":{"message":"overloaded","type":"server_error","code":null}}"#], ModelError.Code.unavailable,
                true
            ),
            ([text("Well,"), #"{"error":{"message":"slow down","code":"rate_limit_exceeded"}}"#], .rateLimited, true),
            ([#"{"error":{"message":"no","type":"insufficient_quota"}}"#], .quotaExceeded, false),
            ([#"{"error":{"message":"bad","type":"invalid_request_error"}}"#], .invalidRequest, false),
            ([end("error")], .unavailable, true), (["{\"choices\":"], .protocolViolation, false),
            ([text("Well,")], .connectionLost, true), ([], .connectionLost, true),
        ])
    func breaks(data: [String], code: ModelError.Code, isRetryable: Bool) {
        var accumulator = OpenAIChatAccumulator(provider: "test")
        do throws(ModelError) {
            for piece in data { _ = try accumulator.push(piece) }
            _ = try accumulator.finish()
            Issue.record("must fail")
        } catch {
            #expect(error.code == code)
            #expect(error.isRetryable == isRetryable)
        }
    }

    @Test("that never ends is given up")
    func endless() {
        var accumulator = OpenAIChatAccumulator(provider: "test")
        let piece = Self.text(String(repeating: "word ", count: 10_000))
        #expect(throws: ModelError.self) {
            for _ in 0..<100 { _ = try accumulator.push(piece) }
        }
    }

    @Test("is asked for with a stable prefix")
    func request() {
        let tool = ToolDefinition(name: "look", summary: "Looks.", parameters: ["type": "object"], risk: .read)
        var request = ModelRequest(
            instructions: "Be kind.", messages: [.facts("It is Monday."), .user("Hello")], tools: [tool], maxTokens: 50,
            temperature: 0.5, cacheKey: "a-1")
        let configuration = OpenAIChatConfiguration(baseURL: "http://127.0.0.1:1/v1/", model: "m")
        let first = OpenAIChatRequest(request, configuration: configuration).body
        #expect(configuration.baseURL == "http://127.0.0.1:1/v1")
        #expect(first["model"] == "m")
        #expect(first["max_tokens"] == 50)
        #expect(first["prompt_cache_key"] == nil)
        #expect(first["tool_choice"] == nil)
        #expect(first["stream_options"] == ["include_usage": true])
        request.messages += [
            .assistant(text: "", calls: [ModelToolCall(id: "a", name: "look", arguments: [:], rawArguments: "{}")]),
            .tool(id: "a", content: "{}"), .assistant(text: "Hi.", calls: []),
        ]
        request.forbidsTools = true
        request.model = "n"
        let hosted = OpenAIChatConfiguration(baseURL: "https://api.openai.com/v1", model: "m", apiKey: "k")
        let later = OpenAIChatRequest(request, configuration: hosted).body
        #expect(later["messages"]?.array?.prefix(3) == first["messages"]?.array?[...])
        #expect(
            later["messages"]?[3] == [
                "role": "assistant", "content": nil,
                "tool_calls": [["id": "a", "type": "function", "function": ["name": "look", "arguments": "{}"]]],
            ])
        #expect(later["messages"]?[4] == ["role": "tool", "tool_call_id": "a", "content": "{}"])
        #expect(later["tools"] == first["tools"])
        #expect(later["tool_choice"] == "none")
        #expect(later["model"] == "n")
        #expect(later["max_completion_tokens"] == 50)
        #expect(later["prompt_cache_key"] == "a-1")
    }
}
