import Agent
import Networking
import Testing

@Suite("A streamed answer of the Messages protocol")
struct AnthropicTests {
    private static let start =
        #"{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[],"stop_reason":null,"usage":{"input_tokens":25,"output_tokens":1,"cache_read_input_tokens":900,"cache_creation_input_tokens":10}}}"#
    private static func block(_ index: Int, _ content: String) -> String {
        #"{"type":"content_block_start","index":\#(index),"content_block":\#(content)}"#
    }
    private static func delta(_ index: Int, _ content: String) -> String {
        #"{"type":"content_block_delta","index":\#(index),"delta":\#(content)}"#
    }
    private static func text(_ index: Int, _ text: String) -> String {
        delta(index, #"{"type":"text_delta","text":\#(JSONValue.string(text).text)}"#)
    }
    private static func json(_ index: Int, _ part: String) -> String {
        delta(index, #"{"type":"input_json_delta","partial_json":\#(JSONValue.string(part).text)}"#)
    }
    private static func end(_ reason: String) -> String {
        #"{"type":"message_delta","delta":{"stop_reason":"\#(reason)","stop_sequence":null},"usage":{"output_tokens":40}}"#
    }
    private static let stop = #"{"type":"message_stop"}"#
    private static let usage = ModelUsage(promptTokens: 935, cachedTokens: 900, completionTokens: 40)

    static let cases: [AnswerCase] = [
        AnswerCase(
            testDescription: "text, pings, and usage as a total",
            data: [
                start, block(0, #"{"type":"text","text":""}"#), #"{"type":"ping"}"#, text(0, "Let me"),
                text(0, " look."),
                #"{"type":"content_block_stop","index":0}"#, end("end_turn"), stop,
            ], text: "Let me look.", usage: usage),
        AnswerCase(
            testDescription: "two calls after text, one without arguments",
            data: [
                start, block(0, #"{"type":"text","text":"One moment."}"#),
                block(1, #"{"type":"tool_use","id":"toolu_1","name":"lookup","input":{}}"#), json(1, ""),
                json(1, #"{"id": "#), json(1, "7}"),
                block(2, #"{"type":"tool_use","id":"toolu_2","name":"now","input":{}}"#),
                end("tool_use"), stop,
            ], text: "One moment.", calls: [#"toolu_1 lookup {"id":7}"#, "toolu_2 now {}"], reason: .toolCalls,
            usage: usage),
        AnswerCase(
            testDescription: "thinking, signatures, citations and unknown events are passed over",
            data: [
                start, block(0, #"{"type":"thinking","thinking":""}"#),
                delta(0, #"{"type":"thinking_delta","thinking":"hm"}"#),
                delta(0, #"{"type":"signature_delta","signature":"x"}"#), block(1, #"{"type":"text","text":""}"#),
                text(1, "Yes."), delta(1, #"{"type":"citations_delta","citation":{}}"#), #"{"type":"new_event"}"#,
                end("end_turn"), stop,
            ], text: "Yes.", usage: usage),
        AnswerCase(
            testDescription: "cut by the limit", data: [start, text(0, "Well,"), end("max_tokens"), stop],
            text: "Well,",
            reason: .length, usage: usage),
        AnswerCase(
            testDescription: "a refusal", data: [start, text(0, "I"), end("refusal"), stop], text: "I",
            reason: .contentFilter, usage: usage),
        AnswerCase(
            testDescription: "no message_stop", data: [start, text(0, "Yes."), end("end_turn")], text: "Yes.",
            usage: usage),
    ]

    @Test("is put together", arguments: cases)
    func accumulates(_ given: AnswerCase) throws {
        try given.check(AnthropicAccumulator(provider: "test"))
    }

    @Test(
        "that breaks is an error of its type, whatever the status",
        arguments: [
            (
                [#"{"type":"error","error":{"type":"overloaded_error","message":"x"}}"#], ModelError.Code.unavailable,
                true
            ),
            ([start, #"{"type":"error","error":{"type":"rate_limit_error","message":"x"}}"#], .rateLimited, true),
            ([#"{"type":"error","error":{"type":"invalid_request_error","message":"x"}}"#], .invalidRequest, false),
            ([start, text(0, "Well,")], .connectionLost, true), (["{"], .protocolViolation, false),
        ])
    func breaks(data: [String], code: ModelError.Code, isRetryable: Bool) {
        let error = AnswerCase.failure(of: AnthropicAccumulator(provider: "test"), data)
        #expect(error?.code == code && error?.isRetryable == isRetryable)
    }

    @Test(
        "that is refused says whether waiting helps",
        arguments: [
            (429, "rate_limit_error", [("retry-after", "2")], ModelError.Code.rateLimited, true),
            (429, "rate_limit_error", [], .rateLimited, false), (402, "billing_error", [], .quotaExceeded, false),
            (529, "overloaded_error", [], .unavailable, true), (504, "timeout_error", [], .unavailable, true),
            (401, "authentication_error", [], .unauthorized, false), (404, "not_found_error", [], .notFound, false),
            (413, "request_too_large", [], .invalidRequest, false),
        ])
    func refused(
        status: Int, type: String, headers: [(String, String)], code: ModelError.Code, isRetryable: Bool
    ) {
        let configuration = AnthropicConfiguration(baseURL: "http://127.0.0.1:1", model: "m", apiKey: "k")
        let error = configuration.error(
            status: status, headers: headers.map { (name: $0.0, value: $0.1) },
            body: #"{"type":"error","error":{"type":"\#(type)","message":"no"},"request_id":"r"}"#)
        #expect(error.code == code && error.isRetryable == isRetryable && error.status == status)
        #expect(error.retryAfter == (headers.isEmpty ? nil : .seconds(2)))
    }

    @Test("is asked for in the order of the cache, with results first and nothing empty")
    func request() {
        let configuration = AnthropicConfiguration(baseURL: "http://127.0.0.1:1/", model: "m", apiKey: "k")
        let first = AnthropicRequest(RequestExamples.first, configuration: configuration).body
        let later = AnthropicRequest(RequestExamples.later, configuration: configuration).body
        #expect(
            first["system"] == [
                ["type": "text", "text": "Be kind.", "cache_control": ["type": "ephemeral"]],
                ["type": "text", "text": "It is Monday."],
            ])
        #expect(later["system"] == first["system"] && later["tools"] == first["tools"])
        #expect(first["max_tokens"] == 50 && first["temperature"] == 1.0 && first["tool_choice"] == nil)
        #expect(later["tool_choice"] == ["type": "none"])
        // The assistant greets first; the protocol wants the user first.
        #expect(first["messages"]?[0]?["role"] == "user" && first["messages"]?[1]?["role"] == "assistant")
        #expect(first["messages"]?[2]?["content"]?[0]?["cache_control"] == ["type": "ephemeral"])
        #expect(later["messages"]?[1] == first["messages"]?[1])
        #expect(
            later["messages"]?[3]?["content"] == [
                ["type": "tool_use", "id": "a", "name": "look", "input": ["id": 7]],
                ["type": "tool_use", "id": "call_n2", "name": "look", "input": [:]],
            ])
        #expect(
            later["messages"]?[4]?["content"] == [
                ["type": "tool_result", "tool_use_id": "a", "content": "1"],
                ["type": "tool_result", "tool_use_id": "call_n2", "content": "2"],
                ["type": "text", "text": "And?", "cache_control": ["type": "ephemeral"]],
            ])
    }

    @Test("is asked for in the current version, but for a temperature, which only the one before takes")
    func version() {
        let configuration = AnthropicConfiguration(baseURL: "http://127.0.0.1:1", model: "m", apiKey: "k")
        var request = RequestExamples.first
        #expect(configuration.httpRequest(for: request).headers.contains { $0 == ("anthropic-version", "2023-06-01") })
        request.temperature = nil
        #expect(configuration.httpRequest(for: request).headers.contains { $0 == ("anthropic-version", "2026-10-21") })
        #expect(AnthropicRequest(request, configuration: configuration).body["temperature"] == nil)
    }
}
