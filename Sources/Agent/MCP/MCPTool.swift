/// A tool of an MCP server.
///
/// Nothing is asked twice: a server has no way to be told that an act is the same one.
package struct MCPTool: Tool {
    private let session: MCPSession
    private let remote: MCPSession.RemoteTool
    private let once: ActOnce

    package init(_ remote: MCPSession.RemoteTool, session: MCPSession, ledger: any ToolActLedger) {
        self.remote = remote
        self.session = session
        once = ActOnce(ledger: ledger, definition: remote.definition, isRepeatable: false)
    }

    package var definition: ToolDefinition { remote.definition }

    package func call(_ arguments: JSONValue, context: ToolContext) async throws(ToolError) -> JSONValue {
        try await once.perform(key: context.idempotencyKey) { () async -> Result<JSONValue, ToolError> in
            do throws(MCPError) { return read(try await session.call(remote, arguments)) } catch {
                return .failure(failure(error))
            }
        }
    }

    private func failure(_ error: MCPError) -> ToolError {
        let code: ToolError.Code =
            switch error.code {
            case .lost: .deadlineExceeded
            case .remote(-32602): .invalidArguments
            case .remote, .status, .unreachable, .protocolViolation: .unavailable
            }
        return ToolError(code, tool: definition.name, detail: "\(session.server.name): \(error.detail)")
    }

    /// The text parts, or the structured content where there are none.
    private func read(_ result: JSONValue) -> Result<JSONValue, ToolError> {
        if let kind = result["resultType"]?.string, kind != "complete" {
            return .failure(
                ToolError(
                    .unavailable, tool: definition.name,
                    detail: "\(session.server.name) wants more input, which nobody here can give"))
        }
        let parts = (result["content"]?.array ?? []).map { part -> String in
            switch part["type"]?.string {
            case "text": part["text"]?.string ?? ""
            case let kind?: "[\(kind)]"
            case nil: ""
            }
        }
        let text = parts.filter { !$0.isEmpty }.joined(separator: "\n")
        if result["isError"]?.bool == true {
            return .failure(
                ToolError(.unavailable, tool: definition.name, detail: text.isEmpty ? "no reason given" : text))
        }
        let structured = result["structuredContent"].flatMap { $0 == .null ? nil : $0 }
        let value = text.isEmpty ? structured ?? [:] : JSONValue.object(["text": .string(text)])
        return .success(value.capped(bytes: 16 * 1024))
    }
}
