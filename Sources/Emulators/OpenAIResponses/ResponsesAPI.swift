import Foundation
import Networking

/// OpenAI's Responses API (`POST /v1/responses`).
struct ResponsesAPI: EmulatedModelAPI {
    let invalidCode = "invalid_request_error"
    let notFoundCode = "model_not_found"

    func owns(_ path: String) -> Bool { path == "/v1/responses" || path.hasPrefix("/v1/responses/") }

    func checkRim(_ request: HTTPRequest, apiKey: String) throws(EmulatedRefusal) {
        guard request.path == "/v1/responses" else {
            throw EmulatedRefusal(404, invalidCode, "Invalid URL (\(request.method) \(request.path))")
        }
        guard request.method == "POST" else {
            throw EmulatedRefusal(405, invalidCode, "Not allowed to \(request.method) on \(request.path)")
        }
        guard request[header: "authorization"] == "Bearer \(apiKey)" else {
            throw EmulatedRefusal(401, "invalid_api_key", "Incorrect API key provided.")
        }
        guard request[header: "content-type"]?.lowercased().hasPrefix("application/json") == true else {
            throw EmulatedRefusal(400, invalidCode, "you must send Content-Type: application/json")
        }
    }

    func read(_ request: HTTPRequest) throws -> EmulatedQuestion {
        let body = try JSONDecoder().decode(ResponsesRequest.self, from: Data(request.body))
        if let fault = body.fault { throw EmulatedRefusal(400, invalidCode, fault) }
        return body.question
    }

    func refuse(_ refusal: EmulatedRefusal) -> StreamedResponse {
        let type =
            refusal.status == 429
            ? "rate_limit_error" : refusal.status >= 500 ? "server_error" : "invalid_request_error"
        let code = refusal.code == invalidCode ? "null" : JSONText.quoted(refusal.code)
        let headers = refusal.retryAfterMilliseconds.map { [("retry-after-ms", String($0))] } ?? []
        return .json(
            Array(
                (#"{"error":{"message":\#(JSONText.quoted(refusal.message)),"type":"\#(type)","param":null,"#
                    + #""code":\#(code)}}"#).utf8),
            status: refusal.status, headers: [("x-request-id", "req_refused")] + headers)
    }

    var errorEvent: [UInt8] {
        Self.event(
            "error",
            #""code":"server_error","message":"The server had an error.","param":null,"sequence_number":99"#)
    }

    func stream(_ answer: EmulatedAnswer) -> (events: [[UInt8]], preamble: Int) {
        var writer = ResponsesStream(answer)
        writer.writeAll()
        return (writer.events, answer.reply.text.isEmpty ? 2 : 4)
    }

    func whole(_ answer: EmulatedAnswer) -> [UInt8] {
        let stream = ResponsesStream(answer)
        return Array(stream.response(status: "completed", items: stream.items, hasUsage: true).utf8)
    }

    static func event(_ type: String, _ fields: String) -> [UInt8] {
        Array("event: \(type)\ndata: {\"type\":\"\(type)\",\(fields)}\n\n".utf8)
    }
}
