import Agent
import Networking
import Testing

@Suite("A streamed answer of Gemini's protocol")
struct GeminiTests {
    private static func parts(_ parts: String, _ more: String = "") -> String {
        #"{"candidates":[{"content":{"role":"model","parts":[\#(parts)]},"index":0\#(more)}]}"#
    }
    private static let usage =
        #""usageMetadata":{"promptTokenCount":900,"cachedContentTokenCount":700,"candidatesTokenCount":20,"thoughtsTokenCount":2}"#
    private static let counted = ModelUsage(promptTokens: 900, cachedTokens: 700, completionTokens: 22)

    static let cases: [AnswerCase] = [
        AnswerCase(
            testDescription: "text, thoughts passed over, usage with the end",
            data: [
                parts(#"{"text":"hm","thought":true}"#), parts(#"{"text":"Sure"}"#),
                parts(#"{"text":", one moment."}"#),
                #"{"candidates":[{"content":{"role":"model","parts":[{"text":""}]},"finishReason":"STOP"}],\#(usage)}"#,
            ], text: "Sure, one moment.", usage: counted),
        AnswerCase(
            testDescription: "parallel calls, STOP all the same",
            data: [
                parts(#"{"text":"Let me see."}"#),
                parts(
                    #"{"functionCall":{"id":"f1","name":"x","args":{"n":1}},"thoughtSignature":"c2ln"},{"functionCall":{"name":"y"}}"#,
                    #","finishReason":"STOP""#),
            ], text: "Let me see.", calls: [#"f1 x {"n":1}"#, "call_2 y {}"], reason: .toolCalls),
        AnswerCase(
            testDescription: "cut by the limit", data: [parts(#"{"text":"Well,"}"#, #","finishReason":"MAX_TOKENS""#)],
            text: "Well,", reason: .length),
        AnswerCase(
            testDescription: "withheld", data: [#"{"candidates":[{"finishReason":"SAFETY","index":0}]}"#],
            reason: .contentFilter),
    ]

    @Test("is put together", arguments: cases)
    func accumulates(_ given: AnswerCase) throws {
        try given.check(GeminiAccumulator(provider: "test"))
    }

    @Test(
        "that breaks is an error",
        arguments: [
            (
                [parts(#"{"text":"Well,"}"#), #"{"error":{"code":503,"message":"x","status":"UNAVAILABLE"}}"#],
                ModelError.Code.unavailable, true
            ),
            ([#"[{"error":{"code":429,"message":"x","status":"RESOURCE_EXHAUSTED"}}]"#], .rateLimited, true),
            ([#"{"promptFeedback":{"blockReason":"SAFETY"}}"#], .contentFiltered, false),
            ([parts("", #","finishReason":"MALFORMED_FUNCTION_CALL""#)], .unavailable, true),
            ([parts("", #","finishReason":"MISSING_THOUGHT_SIGNATURE""#)], .invalidRequest, false),
            ([parts(#"{"text":"Well,"}"#)], .connectionLost, true),
        ])
    func breaks(data: [String], code: ModelError.Code, isRetryable: Bool) {
        let error = AnswerCase.failure(of: GeminiAccumulator(provider: "test"), data)
        #expect(error?.code == code && error?.isRetryable == isRetryable)
    }

    @Test("that is refused says how long to wait, and that a key is wrong")
    func refused() {
        let configuration = GeminiConfiguration(baseURL: "http://127.0.0.1:1/v1beta", model: "m", apiKey: "k")
        let busy = configuration.error(
            status: 429, headers: [],
            body:
                #"{"error":{"code":429,"message":"slow","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"1.5s"}]}}"#
        )
        #expect(busy.code == .rateLimited && busy.retryAfter == .milliseconds(1500))
        let key = configuration.error(
            status: 400, headers: [],
            body:
                #"{"error":{"code":400,"message":"key","status":"INVALID_ARGUMENT","details":[{"reason":"API_KEY_INVALID"}]}}"#
        )
        #expect(key.code == .unauthorized)
    }

    @Test("is asked for with signatures of its own, results in the order of the calls")
    func request() {
        let configuration = GeminiConfiguration(
            baseURL: "http://127.0.0.1:1/v1beta", model: "m", apiKey: "k", effort: "none")
        var request = RequestExamples.later
        let foreign = GeminiRequest(request, configuration: configuration).body
        #expect(
            foreign["systemInstruction"] == ["parts": [["text": "Be kind."], ["text": "It is Monday."]]])
        #expect(foreign["contents"]?[0]?["role"] == "user" && foreign["contents"]?[1]?["role"] == "model")
        #expect(
            foreign["contents"]?[3]?["parts"]?[0] == ["functionCall": ["id": "a", "name": "look", "args": ["id": 7]]])
        #expect(
            foreign["contents"]?[4]?["parts"] == [
                ["functionResponse": ["id": "a", "name": "look", "response": ["result": 1]]],
                ["functionResponse": ["id": "call_n2", "name": "look", "response": ["result": 2]]], ["text": "And?"],
            ])
        #expect(foreign["toolConfig"] == ["functionCallingConfig": ["mode": "NONE"]])
        #expect(foreign["generationConfig"]?["thinkingConfig"] == ["thinkingBudget": 0])
        request.messages[3] = .assistant(
            text: "",
            calls: [
                ModelToolCall(
                    id: "a", name: "look", arguments: ["id": 7], rawArguments: "",
                    attachment: ModelAttachment(provider: configuration.baseURL, content: "c2ln"))
            ])
        let own = GeminiRequest(request, configuration: configuration).body
        #expect(own["contents"]?[3]?["parts"]?[0]?["thoughtSignature"] == "c2ln")
        let elsewhere = GeminiConfiguration(baseURL: "http://127.0.0.1:2", model: "tuned/ä", apiKey: "k", effort: "low")
        #expect(
            GeminiRequest(request, configuration: elsewhere).body["generationConfig"]?["thinkingConfig"]
                == ["thinkingLevel": "LOW"])
        #expect(
            GeminiRequest(request, configuration: elsewhere).body["contents"]?[3]?["parts"]?[0]?["thoughtSignature"]
                == nil)
        #expect(
            elsewhere.httpRequest(for: request).url
                == "http://127.0.0.1:2/tuned/%C3%A4:streamGenerateContent?alt=sse")
    }
}
