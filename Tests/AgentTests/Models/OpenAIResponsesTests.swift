import Agent
import Testing

@Suite("A streamed answer of the Responses protocol")
struct OpenAIResponsesTests {
    private static let created =
        #"{"type":"response.created","sequence_number":0,"response":{"id":"resp_1","status":"in_progress","output":[]}}"#
    private static func text(_ text: String) -> String {
        #"{"type":"response.output_text.delta","item_id":"i","output_index":0,"content_index":0,"delta":\#(JSONValue.string(text).text)}"#
    }
    private static func added(_ index: Int, _ item: String) -> String {
        #"{"type":"response.output_item.added","output_index":\#(index),"item":\#(item)}"#
    }
    private static func done(_ index: Int, _ item: String) -> String {
        #"{"type":"response.output_item.done","output_index":\#(index),"item":\#(item)}"#
    }
    private static func arguments(_ index: Int, _ part: String) -> String {
        #"{"type":"response.function_call_arguments.delta","item_id":"i","output_index":\#(index),"delta":\#(JSONValue.string(part).text)}"#
    }
    private static func call(_ id: String, _ name: String, _ arguments: String) -> String {
        #"{"type":"function_call","id":"fc","call_id":"\#(id)","name":"\#(name)","arguments":\#(JSONValue.string(arguments).text)}"#
    }
    private static let completed =
        #"{"type":"response.completed","response":{"status":"completed","usage":{"input_tokens":900,"input_tokens_details":{"cached_tokens":768},"output_tokens":22}}}"#
    private static let usage = ModelUsage(promptTokens: 900, cachedTokens: 768, completionTokens: 22)
    private static let reasoning = #"{"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"sealed"}"#

    static let cases: [AnswerCase] = [
        AnswerCase(
            testDescription: "text and usage",
            data: [created, added(0, #"{"type":"message"}"#), text("Sure"), text(", one."), completed, text("No.")],
            text: "Sure, one.", usage: usage),
        AnswerCase(
            testDescription: "calls in pieces, interleaved, after text",
            data: [
                created, text("Let me see."), added(1, call("a", "x", "")), added(2, call("b", "y", "")),
                arguments(1, #"{"n":"#), arguments(2, "{}"), arguments(1, "1}"), done(1, call("a", "x", #"{"n":1}"#)),
                done(2, call("b", "y", "{}")), completed,
            ], text: "Let me see.", calls: [#"a x {"n":1}"#, "b y {}"], reason: .toolCalls, usage: usage),
        AnswerCase(
            testDescription: "a call that comes only whole", data: [done(0, call("a", "x", #"{"n":1}"#)), "[DONE]"],
            calls: [#"a x {"n":1}"#], reason: .toolCalls),
        AnswerCase(
            testDescription: "a refusal",
            data: [#"{"type":"response.refusal.delta","output_index":0,"delta":"I cannot."}"#, completed],
            text: "I cannot.", reason: .contentFilter, usage: usage),
        AnswerCase(
            testDescription: "cut by the limit, unknown events passed over",
            data: [
                #"{"type":"response.queued"}"#, text("Well,"),
                #"{"type":"response.reasoning_summary_text.delta","delta":"hm"}"#,
                #"{"type":"response.incomplete","response":{"incomplete_details":{"reason":"max_output_tokens"}}}"#,
            ], text: "Well,", reason: .length),
    ]

    @Test("is put together", arguments: cases)
    func accumulates(_ given: AnswerCase) throws {
        try given.check(OpenAIResponsesAccumulator(provider: "test"))
    }

    @Test(
        "that breaks is an error",
        arguments: [
            (
                [created, #"{"type":"response.failed","response":{"error":{"code":"server_error","message":"x"}}}"#],
                ModelError.Code.unavailable, true
            ),
            ([#"{"type":"error","code":"rate_limit_exceeded","message":"x","param":null}"#], .rateLimited, true),
            (
                [#"{"type":"response.failed","response":{"error":{"code":"invalid_prompt","message":"x"}}}"#],
                .invalidRequest, false
            ),
            ([#"{"error":{"message":"x","type":"server_error"}}"#], .unavailable, true),
            ([created, text("Well,")], .connectionLost, true), (["{"], .protocolViolation, false),
        ])
    func breaks(data: [String], code: ModelError.Code, isRetryable: Bool) {
        let error = AnswerCase.failure(of: OpenAIResponsesAccumulator(provider: "test"), data)
        #expect(error?.code == code && error?.isRetryable == isRetryable)
    }

    @Test("is asked for whole, nothing kept there, sealed reasoning before its call")
    func request() throws {
        let configuration = OpenAIResponsesConfiguration(
            baseURL: "test", model: "m", apiKey: "k", effort: "low")
        var accumulator = OpenAIResponsesAccumulator(provider: "test")
        _ = try accumulator.push(Self.done(0, Self.reasoning))
        _ = try accumulator.push(Self.done(1, Self.call("a", "look", "{}")))
        _ = try accumulator.push(Self.completed)
        let calls = try accumulator.finish().compactMap { event in
            if case .toolCall(let call) = event { call } else { nil }
        }
        var request = RequestExamples.first
        request.messages += [.assistant(text: "", calls: calls), .tool(id: "a", content: "1")]
        let body = OpenAIResponsesRequest(request, configuration: configuration).body
        #expect(body["store"] == false && body["instructions"] == "Be kind." && body["prompt_cache_key"] == "a-1")
        #expect(body["max_output_tokens"] == 50 && body["include"] == ["reasoning.encrypted_content"])
        #expect(body["input"]?[0] == ["role": "developer", "content": "It is Monday."])
        #expect(body["input"]?[3] == (try JSONValue(parsing: Self.reasoning)))
        #expect(
            body["input"]?[4] == ["type": "function_call", "call_id": "a", "name": "look", "arguments": "{}"])
        #expect(body["input"]?[5] == ["type": "function_call_output", "call_id": "a", "output": "1"])
        #expect(body["tools"]?[0]?["name"] == "look" && body["tools"]?[0]?["strict"] == false)
        let other = OpenAIResponsesConfiguration(baseURL: "other", model: "m", apiKey: "k")
        let elsewhere = OpenAIResponsesRequest(request, configuration: other).body
        #expect(elsewhere["input"]?[3]?["type"] == "function_call" && elsewhere["include"] == nil)
    }
}
