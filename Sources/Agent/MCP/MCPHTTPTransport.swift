import Foundation
import Networking

/// Streamable HTTP: every message is a POST to one address, answered with JSON or with a stream of events.
actor MCPHTTPTransport: MCPTransport {
    private let url: String
    private let headers: [(String, String)]
    private let client: HTTPClient
    private var session: String?
    private var version: String?

    /// Bytes of an answer that are read.
    private static let largestAnswer = 4 << 20

    nonisolated var probesByDiscovery: Bool { false }

    init(url: String, headers: [String: String], client: HTTPClient) {
        self.url = url
        self.headers = headers.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        self.client = client
    }

    func agreed(on version: String) { self.version = version }

    func reset() {
        session = nil
        version = nil
    }

    func hasEnded() -> Bool { false }

    func close() async {
        guard let session else { return }
        var request = HTTPClientRequest(
            method: "DELETE", url: url, headers: headers + [("Mcp-Session-Id", session)])
        request.deadlines.total = .seconds(2)
        // A server may refuse to be told; it forgets the session by itself.
        _ = try? await client.send(request)
        self.session = nil
    }

    func notify(_ message: JSONValue) async throws(MCPError) {
        let response = try await post(message, extra: legacyHeaders, deadline: .seconds(5))
        guard response.status < 300 else { throw MCPError(.status(response.status), "the notification was refused") }
    }

    func send(_ call: MCPCall) async throws(MCPError) -> JSONValue {
        let message = MCPMessage.request(
            id: call.id, method: call.method, params: call.isModern ? MCPMessage.modern(call.params) : call.params)
        var extra = legacyHeaders
        if call.isModern {
            extra = [("MCP-Protocol-Version", MCPMessage.modernVersion), ("Mcp-Method", call.method)]
            if let name = call.name { extra.append(("Mcp-Name", MCPMessage.headerValue(name))) }
            extra += call.parameterHeaders
        }
        let response = try await post(message, extra: extra, deadline: call.deadline)
        if call.method == "initialize", let id = response[header: "mcp-session-id"] { session = id }
        let type = response[header: "content-type"] ?? ""
        if response.status == 200, type.hasPrefix("text/event-stream") {
            return try await stream(response, id: call.id)
        }
        let body: [UInt8]
        do { body = try await response.body.collect(upTo: Self.largestAnswer) } catch {
            throw MCPError(.lost, "\(error)")
        }
        let answer = (try? JSONValue(parsing: Data(body))) ?? .null
        if let error = answer["error"], error.object != nil { throw MCPError(error, status: response.status) }
        guard response.status == 200 else {
            throw MCPError(
                .status(response.status), "status \(response.status)", status: response.status)
        }
        guard let result = answer["result"] else { throw MCPError(.protocolViolation, "the answer has no result") }
        return result
    }

    private var legacyHeaders: [(String, String)] {
        (session.map { [("Mcp-Session-Id", $0)] } ?? []) + (version.map { [("MCP-Protocol-Version", $0)] } ?? [])
    }

    private func post(
        _ message: JSONValue, extra: [(String, String)], deadline: Duration
    ) async throws(MCPError) -> HTTPClientResponse {
        var request = HTTPClientRequest(
            method: "POST", url: url,
            headers: headers + [
                ("Content-Type", "application/json"), ("Accept", "application/json, text/event-stream"),
            ] + extra, body: Array(message.text.utf8))
        request.deadlines = HTTPClientRequest.Deadlines(
            connect: min(deadline, .seconds(3)), firstByte: deadline, betweenChunks: deadline, total: deadline)
        do throws(NetworkError) { return try await client.send(request) } catch {
            switch error.code {
            case .nameNotResolved, .connectFailed, .tlsFailed, .unavailable, .invalidArgument:
                throw MCPError(.unreachable, "\(error)")
            default: throw MCPError(.lost, "\(error)")
            }
        }
    }

    /// Reads events until the answer to `id` is among them.
    private func stream(_ response: HTTPClientResponse, id: Int) async throws(MCPError) -> JSONValue {
        var parser = ServerSentEventParser()
        var size = 0
        do {
            for try await bytes in response.body {
                size += bytes.count
                guard size <= Self.largestAnswer else { throw MCPError(.protocolViolation, "the answer is too large") }
                for event in parser.push(bytes.span) {
                    guard let message = try? JSONValue(parsing: event.data) else { continue }
                    if message["id"]?.integer == id, message["method"] == nil {
                        if let error = message["error"] { throw MCPError(error, status: 200) }
                        if let result = message["result"] { return result }
                        throw MCPError(.protocolViolation, "the answer has no result")
                    }
                    if let answer = MCPMessage.answer(to: message) {
                        _ = try? await post(answer, extra: legacyHeaders, deadline: .seconds(5))
                    }
                }
            }
        } catch let error as MCPError {
            throw error
        } catch {
            throw MCPError(.lost, "\(error)")
        }
        throw MCPError(.lost, "the stream ended without an answer")
    }
}
