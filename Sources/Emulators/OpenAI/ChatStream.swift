/// Puts the chunks of one chat completion together.
struct ChatStream {
    let id: String
    let model: String
    let dialect: OpenAIChatEmulatorConfiguration.Dialect
    let reply: OpenAIChatEmulatorConfiguration.Reply
    let promptTokens: Int
    let includesUsage: Bool

    /// Tool call ids are unique over all completions.
    private func callID(_ index: Int) -> String { "call_\(id.dropFirst(9))_\(index)" }

    private var finishReason: String {
        reply.toolCalls.isEmpty || dialect.contains(.stopsAlways) ? "stop" : "tool_calls"
    }

    /// The `data` of every event but `[DONE]`.
    var chunks: [[UInt8]] {
        var chunks = [chunk { $0.raw(#"{"role":"assistant","content":"","refusal":null}"#) }]
        for token in reply.tokens {
            chunks.append(
                chunk {
                    $0.raw(#"{"content":"#)
                    $0.string(token)
                    $0.raw("}")
                })
        }
        for (index, call) in reply.toolCalls.enumerated() {
            for (part, fragment) in fragments(call.arguments).enumerated() {
                chunks.append(chunk { toolDelta(call, index: index, part: part, fragment: fragment, into: &$0) })
            }
        }
        if !dialect.contains(.noFinishReason) { chunks.append(chunk(finish: finishReason) { $0.raw("{}") }) }
        if includesUsage {
            var text = head()
            if dialect.contains(.usageWithChoice) {
                text.raw(#""choices":[{"index":0,"delta":{}}],"usage":"#)
            } else {
                text.raw(#""choices":[],"usage":"#)
            }
            usage(into: &text)
            text.raw("}")
            chunks.append(text.bytes)
        }
        return chunks
    }

    /// The same as one object, for a request that does not stream.
    var whole: [UInt8] {
        var text = JSONText(reserving: 1024)
        text.raw(#"{"id":"#)
        text.string(id)
        text.raw(#","object":"chat.completion","created":1795000000,"model":"#)
        text.string(model)
        text.raw(#","choices":[{"index":0,"message":{"role":"assistant","refusal":null,"content":"#)
        if reply.text.isEmpty && !reply.toolCalls.isEmpty { text.raw("null") } else { text.string(reply.text) }
        if !reply.toolCalls.isEmpty {
            text.raw(#","tool_calls":["#)
            for (index, call) in reply.toolCalls.enumerated() {
                if index > 0 { text.raw(",") }
                text.raw(#"{"id":"#)
                text.string(callID(index))
                text.raw(#","type":"function","function":{"name":"#)
                text.string(call.name)
                text.raw(#","arguments":"#)
                text.string(call.arguments)
                text.raw("}}")
            }
            text.raw("]")
        }
        text.raw(#"},"logprobs":null,"finish_reason":"#)
        text.string(finishReason)
        text.raw(#"}],"usage":"#)
        usage(into: &text)
        text.raw("}")
        return text.bytes
    }

    private func head() -> JSONText {
        var text = JSONText()
        text.raw(#"{"id":"#)
        text.string(id)
        text.raw(#","object":"chat.completion.chunk","created":1795000000,"model":"#)
        text.string(model)
        text.raw(#","service_tier":"default","system_fingerprint":"fp_emulated","#)
        return text
    }

    private func chunk(finish: String? = nil, _ delta: (inout JSONText) -> Void) -> [UInt8] {
        var text = head()
        text.raw(#""choices":[{"index":0,"delta":"#)
        delta(&text)
        text.raw(#","logprobs":null,"finish_reason":"#)
        if let finish { text.string(finish) } else { text.raw("null") }
        text.raw("}]")
        if includesUsage { text.raw(#","usage":null"#) }
        text.raw("}")
        return text.bytes
    }

    /// The first one is empty, as the real server's is.
    private func fragments(_ arguments: String) -> [String] {
        dialect.contains(.wholeToolCalls)
            ? [arguments] : [""] + ModelEmulatorConfiguration.Reply.fragments(of: arguments)
    }

    private func toolDelta(
        _ call: OpenAIChatEmulatorConfiguration.ToolCall, index: Int, part: Int, fragment: String,
        into text: inout JSONText
    ) {
        text.raw(#"{"tool_calls":[{"#)
        if !dialect.contains(.noToolIndex) {
            text.raw(#""index":"#)
            text.integer(index)
            text.raw(",")
        }
        let isNamed = part == 0 || dialect.contains(.repeatedToolNames)
        if isNamed {
            text.raw(#""id":"#)
            text.string(callID(index))
            text.raw(#","type":"function","#)
        }
        text.raw(#""function":{"#)
        if isNamed {
            text.raw(#""name":"#)
            text.string(call.name)
            text.raw(",")
        }
        text.raw(#""arguments":"#)
        text.string(fragment)
        text.raw("}}]}")
    }

    private func usage(into text: inout JSONText) {
        let completion = reply.tokenCount
        text.raw(#"{"prompt_tokens":"#)
        text.integer(promptTokens)
        text.raw(#","completion_tokens":"#)
        text.integer(completion)
        text.raw(#","total_tokens":"#)
        text.integer(promptTokens + completion)
        text.raw(#","prompt_tokens_details":{"cached_tokens":0}}"#)
    }
}
