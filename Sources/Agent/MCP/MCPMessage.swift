import Foundation

/// What goes over a connection with an MCP server: JSON-RPC 2.0.
enum MCPMessage {
    /// The revision without sessions and handshake.
    static let modernVersion = "2026-07-28"
    /// Those with a handshake that we speak, newest first.
    static let legacyVersions = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"]

    static let client: JSONValue = ["name": "parley", "version": "1"]

    static func request(id: Int, method: String, params: JSONValue) -> JSONValue {
        ["jsonrpc": "2.0", "id": .integer(id), "method": .string(method), "params": params]
    }

    static func notification(_ method: String, params: JSONValue = [:]) -> JSONValue {
        ["jsonrpc": "2.0", "method": .string(method), "params": params]
    }

    /// What a modern server wants to know with every request.
    static func modern(_ params: JSONValue) -> JSONValue {
        var members = params.object ?? [:]
        members["_meta"] = [
            "io.modelcontextprotocol/protocolVersion": .string(modernVersion),
            "io.modelcontextprotocol/clientInfo": client, "io.modelcontextprotocol/clientCapabilities": [:],
        ]
        return .object(members)
    }

    /// The answer to something a server asks of us; nil for what is no request.
    static func answer(to message: JSONValue) -> JSONValue? {
        guard let method = message["method"]?.string, let id = message["id"] else { return nil }
        if method == "ping" { return ["jsonrpc": "2.0", "id": id, "result": [:]] }
        return [
            "jsonrpc": "2.0", "id": id,
            "error": ["code": -32601, "message": .string("this client does not offer \(method)")],
        ]
    }

    /// A header's value; what HTTP cannot carry is encoded as the specification says.
    static func headerValue(_ text: String) -> String {
        let isPlain = text.unicodeScalars.allSatisfy { $0.isASCII && $0.value >= 0x20 && $0.value < 0x7F }
        let isPadded = text.first == " " || text.last == " "
        guard !isPlain || isPadded || text.hasPrefix("=?base64?") else { return text }
        return "=?base64?\(Data(text.utf8).base64EncodedString())?="
    }
}

/// Why an MCP server did not do what was asked.
struct MCPError: Error, Sendable, Equatable {
    enum Code: Sendable, Equatable {
        /// A JSON-RPC error, with its number.
        case remote(Int)
        /// The HTTP status of an answer that is no JSON-RPC error.
        case status(Int)
        /// Nothing was sent.
        case unreachable
        /// Sent, and no answer.
        case lost
        case protocolViolation
    }

    var code: Code
    var detail: String
    /// The HTTP status, where there is one.
    var status: Int?
    /// `data` of a JSON-RPC error.
    var data: JSONValue?

    init(_ code: Code, _ detail: String, status: Int? = nil, data: JSONValue? = nil) {
        self.code = code
        self.detail = detail
        self.status = status
        self.data = data
    }

    /// Reads the `error` of a response.
    init(_ error: JSONValue, status: Int? = nil) {
        self.init(
            .remote(error["code"]?.integer ?? 0), error["message"]?.string ?? "no message", status: status,
            data: error["data"])
    }
}

/// A request to a server, with what its transport needs to know of it.
struct MCPCall: Sendable {
    var id: Int
    var method: String
    var params: JSONValue
    /// The tool's name, for servers that route by it.
    var name: String?
    /// Headers of the tool's own, by parameter.
    var parameterHeaders: [(String, String)] = []
    var isModern: Bool
    var deadline: Duration
}

/// Carries messages to one server.
protocol MCPTransport: Sendable {
    /// Sends a request and returns the `result`.
    func send(_ call: MCPCall) async throws(MCPError) -> JSONValue
    func notify(_ message: JSONValue) async throws(MCPError)
    /// The handshake is over, and this version was agreed on.
    func agreed(on version: String) async
    /// Begins a new session, where there are any.
    func reset() async
    /// Whether what was agreed on went with the connection, so that the next request needs a new handshake.
    func hasEnded() async -> Bool
    func close() async
    /// Whether a server of the older kind can be told from one that is merely slow only by waiting.
    var probesByDiscovery: Bool { get }
}
