import Foundation
import Networking

/// A server that behaves like OpenAI's chat completions (`POST /v1/chat/completions`), and refuses what OpenAI refuses.
package final class OpenAIChatEmulator: Sendable {
    /// What clients did.
    package struct Counts: Sendable {
        package let requests = Tally()
        package let refusals = Tally()
    }

    private let configuration: OpenAIChatEmulatorConfiguration
    package let counts = Counts()

    package init(_ configuration: OpenAIChatEmulatorConfiguration = OpenAIChatEmulatorConfiguration()) {
        self.configuration = configuration
    }

    /// The answer to one request. Any thread; no side effect but the counts.
    func respond(to request: HTTPRequest) -> StreamedResponse {
        let number = counts.requests.add()
        switch check(request, number: number) {
        case .refused(let response):
            counts.refusals.add()
            return response
        case .accepted(let chat, let fault): return answer(chat, number: number, fault: fault)
        }
    }

    private typealias Fault = OpenAIChatEmulatorConfiguration.Fault

    private enum Verdict {
        case refused(StreamedResponse)
        case accepted(ChatRequest, Fault)
    }

    private func check(_ request: HTTPRequest, number: Int) -> Verdict {
        guard request.path == "/v1/chat/completions" else {
            return .refused(Self.error(404, "Invalid URL (\(request.method) \(request.path))"))
        }
        guard request.method == "POST" else {
            return .refused(Self.error(405, "Not allowed to \(request.method) on \(request.path)"))
        }
        guard request[header: "authorization"] == "Bearer \(configuration.apiKey)" else {
            return .refused(
                Self.error(401, "Incorrect API key provided.", code: "invalid_api_key"))
        }
        guard request[header: "content-type"]?.lowercased().hasPrefix("application/json") == true else {
            return .refused(Self.error(400, "you must send Content-Type: application/json"))
        }
        let fault = number < configuration.faults.count ? configuration.faults[number] : .none
        if case .refuse(let status, let code, let milliseconds) = fault {
            let headers = milliseconds.map { [("retry-after-ms", String($0))] } ?? []
            return .refused(Self.error(status, "refused as configured", code: code, headers: headers))
        }
        do {
            let chat = try JSONDecoder().decode(ChatRequest.self, from: Data(request.body))
            if let fault = chat.fault { return .refused(Self.error(400, fault.message, param: fault.param)) }
            guard configuration.models.isEmpty || configuration.models.contains(chat.model) else {
                return .refused(
                    Self.error(404, "The model `\(chat.model)` does not exist", code: "model_not_found"))
            }
            return .accepted(chat, fault)
        } catch {
            let words = (error as? DecodingError)?.summary ?? "not JSON"
            return .refused(Self.error(400, "Invalid request: \(words)"))
        }
    }

    private func answer(_ chat: ChatRequest, number: Int, fault: Fault) -> StreamedResponse {
        let lastUser = chat.messages.lastIndex { $0.role == "user" }
        let exchange = OpenAIChatEmulatorConfiguration.Exchange(
            model: chat.model, userText: lastUser.flatMap { chat.messages[$0].text } ?? "",
            turn: chat.messages.count { $0.role == "user" },
            toolResults: chat.messages[(lastUser ?? 0)...].filter { $0.role == "tool" }.compactMap(\.text),
            tools: chat.tools.map(\.name))
        let stream = ChatStream(
            id: "chatcmpl-\(number)", model: chat.model, dialect: configuration.dialect,
            reply: configuration.script(exchange),
            promptTokens: chat.messages.reduce(0) { $0 + ($1.text ?? "").utf8.count / 4 + 4 },
            includesUsage: chat.includesUsage)
        guard chat.isStreamed else {
            var response = StreamedResponse.json(stream.whole, status: 200)
            response.steps.insert(.wait(configuration.firstTokenDelay), at: 0)
            return response
        }
        return StreamedResponse(
            headers: [
                ("Content-Type", "text/event-stream; charset=utf-8"), ("x-request-id", "req_\(number)"),
                ("openai-processing-ms", "1"),
            ],
            steps: steps(stream.chunks, fault: fault),
            packetSize: configuration.dialect.contains(.smallPackets) ? 7 : nil)
    }

    private func steps(_ chunks: [[UInt8]], fault: Fault) -> [StreamedResponse.Step] {
        let pacing = StreamPacing(
            firstTokenDelay: configuration.firstTokenDelay, tokenDelay: configuration.tokenDelay, fault: fault,
            comment: configuration.dialect.contains(.comments) ? Array(": ping\n\n".utf8) : nil)
        let (steps, isWhole) = pacing.steps(
            chunks.map(event), error: event(Self.errorBody("The server had an error.", type: "server_error")))
        let hasEndMark = isWhole && !configuration.dialect.contains(.noDone)
        return steps + (hasEndMark ? [.chunk(event(Array("[DONE]".utf8)))] : [])
    }

    private func event(_ data: [UInt8]) -> [UInt8] {
        let isTight = configuration.dialect.contains(.tightLines)
        return Array((isTight ? "data:" : "data: ").utf8) + data + Array((isTight ? "\r\n\r\n" : "\n\n").utf8)
    }

    private static func error(
        _ status: Int, _ message: String, param: String? = nil, code: String? = nil, headers: [(String, String)] = []
    ) -> StreamedResponse {
        let type = status == 429 ? "rate_limit_error" : status >= 500 ? "server_error" : "invalid_request_error"
        return .json(
            errorBody(message, type: type, param: param, code: code), status: status,
            headers: [("x-request-id", "req_refused")] + headers)
    }

    private static func errorBody(
        _ message: String, type: String, param: String? = nil, code: String? = nil
    ) -> [UInt8] {
        var text = JSONText()
        text.raw(#"{"error":{"message":"#)
        text.string(message)
        text.raw(#","type":"#)
        text.string(type)
        text.raw(#","param":"#)
        if let param { text.string(param) } else { text.raw("null") }
        text.raw(#","code":"#)
        if let code { text.string(code) } else { text.raw("null") }
        text.raw("}}")
        return text.bytes
    }
}
