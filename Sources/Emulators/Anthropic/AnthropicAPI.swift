import Foundation
import Networking

/// Anthropic's Messages API (`POST /v1/messages`).
struct AnthropicAPI: EmulatedModelAPI {
    /// The first and the current one; the current one knows no sampling parameters.
    private static let versions = ["2023-06-01", "2026-10-21"]

    let invalidCode = "invalid_request_error"
    let notFoundCode = "not_found_error"

    func owns(_ path: String) -> Bool { path == "/v1/messages" || path.hasPrefix("/v1/messages/") }

    func checkRim(_ request: HTTPRequest, apiKey: String) throws(EmulatedRefusal) {
        guard request.path == "/v1/messages" else { throw EmulatedRefusal(404, notFoundCode, "Not found") }
        guard request.method == "POST" else {
            throw EmulatedRefusal(405, invalidCode, "Method Not Allowed")
        }
        guard request[header: "x-api-key"] == apiKey || request[header: "authorization"] == "Bearer \(apiKey)" else {
            throw EmulatedRefusal(401, "authentication_error", "invalid x-api-key")
        }
        guard let version = request[header: "anthropic-version"] else {
            throw EmulatedRefusal(400, invalidCode, "anthropic-version: header is required")
        }
        guard Self.versions.contains(version) else {
            throw EmulatedRefusal(400, invalidCode, "anthropic-version: \"\(version)\" is not a valid version")
        }
        guard request[header: "content-type"]?.lowercased().hasPrefix("application/json") == true else {
            throw EmulatedRefusal(400, invalidCode, "content-type: must be application/json")
        }
    }

    func read(_ request: HTTPRequest) throws -> EmulatedQuestion {
        let messages = try JSONDecoder().decode(MessagesRequest.self, from: Data(request.body))
        if request[header: "anthropic-version"] == Self.versions[1], let parameter = messages.sampling {
            throw EmulatedRefusal(400, invalidCode, "\(parameter): Extra inputs are not permitted")
        }
        if let fault = messages.fault { throw EmulatedRefusal(400, invalidCode, fault) }
        return messages.question
    }

    func refuse(_ refusal: EmulatedRefusal) -> StreamedResponse {
        let headers = refusal.retryAfterMilliseconds.map { [("retry-after", String(Double($0) / 1000))] } ?? []
        return .json(
            Self.error(refusal.code, refusal.message), status: refusal.status,
            headers: [("request-id", "req_refused")] + headers)
    }

    var errorEvent: [UInt8] {
        Array("event: error\ndata: ".utf8) + Self.error("overloaded_error", "Overloaded") + Array("\n\n".utf8)
    }

    func stream(_ answer: EmulatedAnswer) -> (events: [[UInt8]], preamble: Int) {
        let text = answer.reply.tokens
        var events = [
            event("message_start", #""message":\#(message(answer, content: "", reason: nil, output: 1))"#),
            event("ping", nil),
        ]
        if !text.isEmpty {
            events.append(block(0, #"{"type":"text","text":""}"#))
            events += text.map { delta(0, #"{"type":"text_delta","text":\#(JSONText.quoted($0))}"#) }
            events.append(event("content_block_stop", #""index":0"#))
        }
        for (number, call) in answer.reply.toolCalls.enumerated() {
            let index = number + (text.isEmpty ? 0 : 1)
            events.append(block(index, toolUse(answer, number, call, input: "{}")))
            events += ([""] + ModelEmulatorConfiguration.Reply.fragments(of: call.arguments)).map {
                delta(index, #"{"type":"input_json_delta","partial_json":\#(JSONText.quoted($0))}"#)
            }
            events.append(event("content_block_stop", #""index":\#(index)"#))
        }
        let usage = #""usage":{"output_tokens":\#(answer.reply.tokenCount)}"#
        events.append(
            event("message_delta", #""delta":{"stop_reason":"\#(reason(answer))","stop_sequence":null},"# + usage))
        events.append(event("message_stop", nil))
        return (events, text.isEmpty ? 2 : 3)
    }

    func whole(_ answer: EmulatedAnswer) -> [UInt8] {
        var blocks: [String] = []
        if !answer.reply.text.isEmpty {
            blocks.append(#"{"type":"text","text":\#(JSONText.quoted(answer.reply.text))}"#)
        }
        blocks += answer.reply.toolCalls.enumerated().map {
            toolUse(answer, $0.offset, $0.element, input: $0.element.arguments)
        }
        return Array(
            message(
                answer, content: blocks.joined(separator: ","), reason: reason(answer), output: answer.reply.tokenCount
            ).utf8)
    }

    private func reason(_ answer: EmulatedAnswer) -> String {
        answer.reply.toolCalls.isEmpty ? "end_turn" : "tool_use"
    }

    private func message(_ answer: EmulatedAnswer, content: String, reason: String?, output: Int) -> String {
        #"{"id":"msg_\#(answer.number)","type":"message","role":"assistant","model":\#(JSONText.quoted(answer.model)),"#
            + #""content":[\#(content)],"stop_reason":\#(reason.map(JSONText.quoted) ?? "null"),"stop_sequence":null,"#
            + #""usage":{"input_tokens":\#(answer.promptTokens),"cache_creation_input_tokens":0,"#
            + #""cache_read_input_tokens":0,"output_tokens":\#(output)}}"#
    }

    private func toolUse(
        _ answer: EmulatedAnswer, _ number: Int, _ call: ModelEmulatorConfiguration.ToolCall, input: String
    ) -> String {
        #"{"type":"tool_use","id":"\#(answer.callID("toolu_", number))","name":\#(JSONText.quoted(call.name)),"#
            + #""input":\#(input)}"#
    }

    private func block(_ index: Int, _ content: String) -> [UInt8] {
        event("content_block_start", #""index":\#(index),"content_block":\#(content)"#)
    }

    private func delta(_ index: Int, _ content: String) -> [UInt8] {
        event("content_block_delta", #""index":\#(index),"delta":\#(content)"#)
    }

    private func event(_ type: String, _ fields: String?) -> [UInt8] {
        Array("event: \(type)\ndata: {\"type\":\"\(type)\"\(fields.map { "," + $0 } ?? "")}\n\n".utf8)
    }

    private static func error(_ type: String, _ message: String) -> [UInt8] {
        Array(
            (#"{"type":"error","error":{"type":\#(JSONText.quoted(type)),"message":\#(JSONText.quoted(message))},"#
                + #""request_id":"req_refused"}"#).utf8)
    }
}
