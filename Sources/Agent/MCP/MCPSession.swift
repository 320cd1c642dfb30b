import Foundation
package import Networking

/// One MCP server: finds out which era it is of, lists its tools and calls them.
package actor MCPSession {
    private enum Era: Sendable {
        case modern
        case legacy
    }

    /// A tool as a server describes it.
    package struct RemoteTool: Sendable, Equatable {
        var name: String
        package var definition: ToolDefinition
        /// Header → the property that it repeats, for servers that route by arguments.
        var headers: [String: String]
    }

    package let server: MCPServer
    private let transport: any MCPTransport
    private var era: Era?
    private var nextID = 1
    private var connecting: Task<Result<Era, MCPError>, Never>?

    /// For the first messages, before which a program has to start.
    private static let handshakeDeadline = Duration.seconds(10)
    /// Pages of a list of tools that are read.
    private static let longestList = 20

    package init(_ server: MCPServer, client: HTTPClient) {
        self.server = server
        transport =
            switch server.transport {
            case .http(let url, let headers): MCPHTTPTransport(url: url, headers: headers, client: client)
            case .stdio(let command, let environment):
                MCPStdioTransport(command: command, environment: environment)
            }
    }

    package func close() async { await transport.close() }

    /// The server's tools that its file names.
    ///
    /// - Throws: ``AgentError`` when the server cannot be asked.
    package func tools() async throws -> [RemoteTool] {
        do throws(MCPError) {
            var found: [RemoteTool] = []
            var cursor: String?
            for _ in 0..<Self.longestList {
                let params: JSONValue = cursor.map { ["cursor": .string($0)] } ?? [:]
                let page = try await request("tools/list", params)
                found += (page["tools"]?.array ?? []).compactMap(remoteTool)
                cursor = page["nextCursor"]?.string
                if cursor == nil { break }
            }
            return found.sorted { $0.name < $1.name }
        } catch {
            throw AgentError(
                .invalidAgent, operation: "list the tools of the MCP server", subject: server.name,
                detail: error.detail)
        }
    }

    func call(_ tool: RemoteTool, _ arguments: JSONValue) async throws(MCPError) -> JSONValue {
        let headers = tool.headers.sorted { $0.key < $1.key }.compactMap { name, property -> (String, String)? in
            guard let value = arguments[property], value != .null else { return nil }
            return ("Mcp-Param-\(name)", MCPMessage.headerValue(value.string ?? value.text))
        }
        return try await request(
            "tools/call", ["name": .string(tool.name), "arguments": arguments], name: tool.name, headers: headers)
    }

    private func remoteTool(_ value: JSONValue) -> RemoteTool? {
        guard let name = value["name"]?.string, let risk = server.risks[name] else { return nil }
        let schema = value["inputSchema"] ?? ["type": "object"]
        var headers: [String: String] = [:]
        for (property, description) in schema["properties"]?.object ?? [:] {
            guard let header = description["x-mcp-header"]?.string else { continue }
            let isToken =
                !header.isEmpty && header.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
            let isScalar = ["string", "integer", "boolean"].contains(description["type"]?.string ?? "")
            // The specification: a tool whose annotation is wrong is not to be offered.
            guard isToken, isScalar, headers[header] == nil else { return nil }
            headers[header] = property
        }
        return RemoteTool(
            name: name,
            definition: ToolDefinition(
                name: server.localName(of: name), summary: value["description"]?.string ?? name, parameters: schema,
                risk: risk, deadline: server.timeout), headers: headers)
    }

    // MARK: Requests

    private func request(
        _ method: String, _ params: JSONValue, name: String? = nil, headers: [(String, String)] = []
    ) async throws(MCPError) -> JSONValue {
        let era = try await connect()
        do throws(MCPError) {
            return try await transport.send(call(method, params, name: name, headers: headers, era: era))
        } catch {
            // The server forgot our session: nothing was done, so it may be asked again.
            guard era == .legacy, error.status == 404 else { throw error }
            self.era = nil
            await transport.reset()
            return try await transport.send(
                call(method, params, name: name, headers: headers, era: try await connect()))
        }
    }

    private func call(
        _ method: String, _ params: JSONValue, name: String? = nil, headers: [(String, String)] = [], era: Era
    ) -> MCPCall {
        defer { nextID += 1 }
        return MCPCall(
            id: nextID, method: method, params: params, name: name, parameterHeaders: headers, isModern: era == .modern,
            deadline: self.era == nil ? max(server.timeout, Self.handshakeDeadline) : server.timeout)
    }

    private func connect() async throws(MCPError) -> Era {
        if let era, await !transport.hasEnded() { return era }
        era = nil
        let task: Task<Result<Era, MCPError>, Never>
        if let connecting {
            task = connecting
        } else {
            task = Task { await self.detect() }
            connecting = task
        }
        let result = await task.value
        connecting = nil
        let found = try result.get()
        era = found
        return found
    }

    /// Asks as a modern client; a server that does not understand is asked as an older one.
    private func detect() async -> Result<Era, MCPError> {
        if server.era == .auto, let found = await detectModern() { return found }
        do throws(MCPError) {
            try await shakeHands()
            return .success(.legacy)
        } catch {
            return .failure(error)
        }
    }

    /// - Returns: nil when the server has to be greeted as an older one.
    private func detectModern() async -> Result<Era, MCPError>? {
        do throws(MCPError) {
            let method = transport.probesByDiscovery ? "server/discover" : "tools/list"
            _ = try await transport.send(call(method, [:], era: .modern))
            return .success(.modern)
        } catch {
            switch error.code {
            case .unreachable: return .failure(error)
            case .remote(-32022):
                // It is of the new era but of another revision.
                let supported = error.data?["supported"]?.array?.compactMap(\.string) ?? []
                guard supported.contains(where: MCPMessage.legacyVersions.contains) else {
                    return .failure(MCPError(error.code, "it speaks only \(supported.joined(separator: ", "))"))
                }
            case .remote(-32020), .remote(-32021): return .failure(error)
            case .status(401), .status(403): return .failure(error)
            case .lost where !transport.probesByDiscovery: return .failure(error)
            default: break
            }
            return nil
        }
    }

    private func shakeHands() async throws(MCPError) {
        let newest = MCPMessage.legacyVersions[0]
        let answer = try await transport.send(
            call(
                "initialize",
                ["protocolVersion": .string(newest), "capabilities": [:], "clientInfo": MCPMessage.client],
                era: .legacy))
        let version = answer["protocolVersion"]?.string ?? ""
        guard MCPMessage.legacyVersions.contains(version) else {
            throw MCPError(.protocolViolation, "it speaks the revision \(version), which this client does not")
        }
        await transport.agreed(on: version)
        try await transport.notify(MCPMessage.notification("notifications/initialized"))
    }
}
