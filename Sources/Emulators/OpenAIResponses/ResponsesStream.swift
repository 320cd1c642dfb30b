/// Puts the events of one response together, in OpenAI's order.
struct ResponsesStream {
    private let answer: EmulatedAnswer
    private(set) var events: [[UInt8]] = []

    init(_ answer: EmulatedAnswer) {
        self.answer = answer
    }

    private var message: String? {
        answer.reply.text.isEmpty ? nil : messageItem(status: "completed", content: "[\(part(answer.reply.text))]")
    }

    /// The items as they are at the end.
    var items: [String] {
        (message.map { [$0] } ?? [])
            + answer.reply.toolCalls.indices.map { callItem($0, answer.reply.toolCalls[$0].arguments, "completed") }
    }

    mutating func writeAll() {
        add("response.created", #""response":\#(response(status: "in_progress", items: [], hasUsage: false))"#)
        add("response.in_progress", #""response":\#(response(status: "in_progress", items: [], hasUsage: false))"#)
        var index = 0
        if let message {
            writeText(message)
            index += 1
        }
        for number in answer.reply.toolCalls.indices {
            writeCall(number, at: index)
            index += 1
        }
        add("response.completed", #""response":\#(response(status: "completed", items: items, hasUsage: true))"#)
    }

    private mutating func writeText(_ message: String) {
        let place = #""item_id":"msg_\#(answer.number)","output_index":0,"content_index":0"#
        add(
            "response.output_item.added",
            #""output_index":0,"item":\#(messageItem(status: "in_progress", content: "[]"))"#)
        add("response.content_part.added", place + #","part":\#(part(""))"#)
        for token in answer.reply.tokens {
            add("response.output_text.delta", place + #","delta":\#(JSONText.quoted(token)),"logprobs":[]"#)
        }
        add("response.output_text.done", place + #","text":\#(JSONText.quoted(answer.reply.text)),"logprobs":[]"#)
        add("response.content_part.done", place + #","part":\#(part(answer.reply.text))"#)
        add("response.output_item.done", #""output_index":0,"item":\#(message)"#)
    }

    private mutating func writeCall(_ number: Int, at index: Int) {
        let call = answer.reply.toolCalls[number]
        let place = #""item_id":"\#(answer.callID("fc_", number))","output_index":\#(index)"#
        add(
            "response.output_item.added", #""output_index":\#(index),"item":\#(callItem(number, "", "in_progress"))"#)
        for fragment in ModelEmulatorConfiguration.Reply.fragments(of: call.arguments) {
            add("response.function_call_arguments.delta", place + #","delta":\#(JSONText.quoted(fragment))"#)
        }
        add("response.function_call_arguments.done", place + #","arguments":\#(JSONText.quoted(call.arguments))"#)
        add(
            "response.output_item.done",
            #""output_index":\#(index),"item":\#(callItem(number, call.arguments, "completed"))"#)
    }

    /// The response object, which the first events and the last one carry.
    func response(status: String, items: [String], hasUsage: Bool) -> String {
        let output = answer.reply.tokenCount
        let usage =
            hasUsage
            ? #"{"input_tokens":\#(answer.promptTokens),"input_tokens_details":{"cached_tokens":0,"#
                + #""cache_write_tokens":0},"output_tokens":\#(output),"output_tokens_details":{"reasoning_tokens":0},"#
                + #""total_tokens":\#(answer.promptTokens + output)}"# : "null"
        return #"{"id":"resp_\#(answer.number)","object":"response","created_at":1795000000,"status":"\#(status)","#
            + #""error":null,"incomplete_details":null,"instructions":null,"metadata":{},"#
            + #""model":\#(JSONText.quoted(answer.model)),"output":[\#(items.joined(separator: ","))],"#
            + #""parallel_tool_calls":true,"temperature":1.0,"tool_choice":"auto","tools":[],"top_p":1.0,"#
            + #""store":false,"usage":\#(usage)}"#
    }

    private func messageItem(status: String, content: String) -> String {
        #"{"id":"msg_\#(answer.number)","type":"message","status":"\#(status)","role":"assistant","content":\#(content)}"#
    }

    private func part(_ text: String) -> String {
        #"{"type":"output_text","text":\#(JSONText.quoted(text)),"annotations":[],"logprobs":[]}"#
    }

    private func callItem(_ number: Int, _ arguments: String, _ status: String) -> String {
        #"{"id":"\#(answer.callID("fc_", number))","type":"function_call","status":"\#(status)","#
            + #""call_id":"\#(answer.callID("call_", number))","#
            + #""name":\#(JSONText.quoted(answer.reply.toolCalls[number].name)),"#
            + #""arguments":\#(JSONText.quoted(arguments))}"#
    }

    private mutating func add(_ type: String, _ fields: String) {
        events.append(ResponsesAPI.event(type, fields + #","sequence_number":\#(events.count)"#))
    }
}
