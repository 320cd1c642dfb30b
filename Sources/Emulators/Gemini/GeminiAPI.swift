import Foundation
import Networking

/// Gemini's own API (`POST /v1beta/models/…:streamGenerateContent?alt=sse`, and `:generateContent`); `/v1` is the same.
struct GeminiAPI: EmulatedModelAPI {
    private static let roots = ["/v1beta/", "/v1/"]
    private static let streaming = ":streamGenerateContent"
    private static let plain = ":generateContent"

    let invalidCode = "INVALID_ARGUMENT"
    let notFoundCode = "NOT_FOUND"

    /// Of `/v1`, which it shares with others, only its methods.
    func owns(_ path: String) -> Bool { path.hasPrefix(Self.roots[0]) || isMethod(path) }

    func checkRim(_ request: HTTPRequest, apiKey: String) throws(EmulatedRefusal) {
        guard isMethod(request.path), request.method == "POST" else {
            throw EmulatedRefusal(404, notFoundCode, "Method not found.")
        }
        guard let key = request[header: "x-goog-api-key"] ?? Query(request.query)["key"] else {
            throw EmulatedRefusal(
                403, "PERMISSION_DENIED",
                "Method doesn't allow unregistered callers (callers without established "
                    + "identity). Please use API Key or other form of API consumer identity to call this API.")
        }
        guard key == apiKey else {
            throw EmulatedRefusal(400, invalidCode, Self.badKey)
        }
        guard request[header: "content-type"]?.lowercased().hasPrefix("application/json") == true else {
            throw EmulatedRefusal(400, invalidCode, "Content-Type must be application/json")
        }
        // Without it the real one streams a JSON array, which no client of ours reads.
        guard !request.path.hasSuffix(Self.streaming) || Query(request.query)["alt"] == "sse" else {
            throw EmulatedRefusal(400, invalidCode, "the emulator streams with alt=sse only")
        }
    }

    func read(_ request: HTTPRequest) throws -> EmulatedQuestion {
        let isStreamed = request.path.hasSuffix(Self.streaming)
        let root = Self.roots.first(where: request.path.hasPrefix) ?? ""
        let name = request.path.dropFirst(root.count)
            .dropLast((isStreamed ? Self.streaming : Self.plain).count)
        let content = try JSONDecoder().decode(GenerateRequest.self, from: Data(request.body))
        if let fault = content.fault { throw EmulatedRefusal(400, invalidCode, fault) }
        return content.question(
            model: name.hasPrefix("models/") ? String(name.dropFirst(7)) : String(name), isStreamed: isStreamed)
    }

    func refuse(_ refusal: EmulatedRefusal) -> StreamedResponse {
        var details: [String] = []
        if let milliseconds = refusal.retryAfterMilliseconds {
            details.append(
                #"{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"\#(Double(milliseconds) / 1000)s"}"#
            )
        }
        if refusal.message == Self.badKey {
            details.append(
                #"{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_INVALID","domain":"googleapis.com"}"#
            )
        }
        return .json(
            Self.error(refusal.status, refusal.code, refusal.message, details: details), status: refusal.status)
    }

    var errorEvent: [UInt8] {
        Array("data: ".utf8) + Self.error(503, "UNAVAILABLE", "The model is overloaded. Please try again later.")
            + Array("\r\n\r\n".utf8)
    }

    func stream(_ answer: EmulatedAnswer) -> (events: [[UInt8]], preamble: Int) {
        var pieces = answer.reply.tokens.map { #"{"text":\#(JSONText.quoted($0))}"# }
        if !answer.reply.toolCalls.isEmpty { pieces.append(calls(answer)) }
        if pieces.isEmpty { pieces = [#"{"text":""}"#] }
        return (
            pieces.enumerated().map { index, parts in
                let chunk = response(answer, parts: parts, isLast: index == pieces.count - 1)
                return Array("data: ".utf8) + chunk + Array("\r\n\r\n".utf8)
            }, 0
        )
    }

    func whole(_ answer: EmulatedAnswer) -> [UInt8] {
        var parts: [String] = []
        if !answer.reply.text.isEmpty { parts.append(#"{"text":\#(JSONText.quoted(answer.reply.text))}"#) }
        if !answer.reply.toolCalls.isEmpty { parts.append(calls(answer)) }
        return response(answer, parts: parts.joined(separator: ","), isLast: true)
    }

    /// Each call whole, the first with the signature that must come back.
    private func calls(_ answer: EmulatedAnswer) -> String {
        answer.reply.toolCalls.enumerated().map { index, call in
            let id = answer.callID(GenerateRequest.callPrefix, index)
            let signature = index == 0 ? #","thoughtSignature":"\#(GenerateRequest.signature(of: id))""# : ""
            return #"{"functionCall":{"id":"\#(id)","name":\#(JSONText.quoted(call.name)),"args":\#(call.arguments)}"#
                + signature + "}"
        }.joined(separator: ",")
    }

    private func response(_ answer: EmulatedAnswer, parts: String, isLast: Bool) -> [UInt8] {
        let total = answer.promptTokens + answer.reply.tokenCount
        return Array(
            (#"{"candidates":[{"content":{"parts":[\#(parts)],"role":"model"},"#
                + (isLast ? #""finishReason":"STOP","# : "") + #""index":0}],"#
                + #""usageMetadata":{"promptTokenCount":\#(answer.promptTokens),"#
                + (isLast ? #""candidatesTokenCount":\#(answer.reply.tokenCount),"# : "")
                + #""totalTokenCount":\#(total)},"#
                + #""modelVersion":\#(JSONText.quoted(answer.model)),"responseId":"r\#(answer.number)"}"#).utf8)
    }

    private func isMethod(_ path: String) -> Bool {
        Self.roots.contains(where: path.hasPrefix) && [Self.streaming, Self.plain].contains(where: path.hasSuffix)
    }

    private static let badKey = "API key not valid. Please pass a valid API key."

    private static func error(_ status: Int, _ code: String, _ message: String, details: [String] = []) -> [UInt8] {
        Array(
            (#"{"error":{"code":\#(status),"message":\#(JSONText.quoted(message)),"status":\#(JSONText.quoted(code)),"#
                + #""details":[\#(details.joined(separator: ","))]}}"#).utf8)
    }
}
